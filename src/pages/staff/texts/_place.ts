import type { APIContext } from 'astro';
import { type DescribedText, describeText } from '#src/consent-texts/describe-text.ts';
import type { TextPlace } from '#src/consent-texts/text-place.ts';
import { Problem } from '#src/http/problem.ts';
import { locales } from '#src/i18n/locales.ts';

const channels = ['email', 'phone', 'sms', 'fax', 'post'] as const;

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
