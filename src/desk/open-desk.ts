import type { APIContext } from 'astro';
import { Problem } from '#src/http/problem.ts';
import { translator } from '#src/i18n/translate.ts';
import { requireAbility } from '#src/staff/actor.ts';
import type { Ability } from '#src/staff/roles.ts';
import { staffLocale } from './staff-locale.ts';

/**
 * The first line of every desk page. Behind the guard somebody is always signed in.
 *
 * @param ability what the role needs for this page, beside what its address needs
 */
export function openDesk(context: Pick<APIContext, 'locals' | 'url' | 'request'>, ability?: Ability) {
  const { app, staff } = context.locals;
  if (!staff) throw new Problem(403);
  if (ability) requireAbility(staff.actor, ability);
  const locale = staffLocale(context);
  return { app, staff, actor: staff.actor, locale, t: translator(locale) };
}
