import type { APIContext } from 'astro';
import type { TextPlace } from '#src/consent-texts/create-draft.ts';
import { type DescribedText, describeText } from '#src/consent-texts/describe-text.ts';
import { staffLocale } from '#src/desk/staff-locale.ts';
import { Problem } from '#src/http/problem.ts';
import { translator } from '#src/i18n/translate.ts';
import type { OpenSession } from '#src/staff/sessions.ts';

const channels = ['email', 'phone', 'sms', 'fax', 'post'] as const;
const locales = ['de', 'en'] as const;

/** What every page of the desk begins with. */
export function openDesk(context: Pick<APIContext, 'locals' | 'url' | 'request'>) {
  const staff: OpenSession | undefined = context.locals.staff;
  if (!staff) throw new Problem(403);
  const locale = staffLocale(context);
  return { app: context.locals.app, staff, actor: staff.actor, locale, t: translator(locale) };
}

/** The place that the address names; a channel or language that we do not know is no page. */
export function placeIn(params: Record<string, string | undefined>): TextPlace {
  const channel = channels.find((one) => one === params.channel);
  const locale = locales.find((one) => one === params.locale);
  if (!params.purpose || !channel || !locale) throw new Problem(404);
  return { purpose: params.purpose, channel, locale };
}

export async function requireText(context: Pick<APIContext, 'locals' | 'params'>): Promise<DescribedText> {
  const text = await describeText(context.locals.app.db, placeIn(context.params));
  if (!text) throw new Problem(404);
  return text;
}
