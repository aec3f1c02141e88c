import type { APIContext } from 'astro';
import { translator } from '#src/i18n/translate.ts';
import { Problem } from '#src/http/problem.ts';
import { staffLocale } from './staff-locale.ts';

/** What every page of a desk begins with. Behind the guard somebody is always signed in. */
export function openDesk(context: Pick<APIContext, 'locals' | 'url' | 'request'>) {
  const { app, staff } = context.locals;
  if (!staff) throw new Problem(403);
  const locale = staffLocale(context);
  return { app, staff, actor: staff.actor, locale, t: translator(locale) };
}
