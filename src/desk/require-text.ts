import type { Db } from '#db/connect.ts';
import { type DescribedText, describeText } from '#src/consent-texts/describe-text.ts';
import type { TextPlace } from '#src/consent-texts/text-place.ts';
import { Problem } from '#src/http/problem.ts';
import { locales } from '#src/i18n/locales.ts';
import { channels } from './channels.ts';

type Params = Record<string, string | undefined>;

/** The place that the address names; a channel or language that we do not know is no page. */
export function placeIn(params: Params): TextPlace {
  const channel = channels.find((one) => one === params.channel);
  const locale = locales.find((one) => one === params.locale);
  if (!params.purpose || !channel || !locale) throw new Problem(404);
  return { purpose: params.purpose, channel, locale };
}

/** The text at the address; a Problem where there is none. */
export async function requireText(db: Db, params: Params): Promise<DescribedText> {
  const text = await describeText(db, placeIn(params));
  if (!text) throw new Problem(404);
  return text;
}
