import type { RuleLanguage } from './check-input.ts';
import type { Span } from './mapped-text.ts';
import { sentencesOf } from './sentences.ts';
import { spansOf } from './spans.ts';
import { anySpelling } from './spelling.ts';

/** The companies that a text names by their legal form, each once, without the article. */
export function companiesIn(text: string): string[] {
  const mixed = sentencesWhere(text, (sentence) => sentence !== sentence.toUpperCase());
  const names = spansOf(COMPANY, mixed).map(({ start, end }) => mixed.slice(start, end).replace(ARTICLE, ''));
  return [...new Set(names)];
}

/** Whether anybody is named who asks: by legal form, or as the one who "darf mir", "may send me". */
export function namesSomebody(text: string, locale: RuleLanguage): boolean {
  if (companiesIn(text).length > 0) return true;
  return spansOf(SUBJECT[locale], text).some(({ start, end }) => !NOBODY.test(text.slice(start, end)));
}

/** Whether the text names exactly this company, and not one whose name only contains it. */
export function isNamed(text: string, name: string): boolean {
  const wanted = name.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (!wanted) return true;
  if (wanted !== wanted.toUpperCase() && isNamed(inCapitals(text), wanted.toUpperCase())) return true;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text.slice(Math.max(0, at - 10), at);
    const after = text.slice(at + wanted.length, at + wanted.length + 80);
    if (!BELONGS_BEFORE.test(before) && !BELONGS_AFTER.test(after)) return true;
  }
  return false;
}

/** "Unsere Partnerin Beispiel AG", "Beispiel AG, our partner": the relation says who somebody is that is named. */
export function isBesideName(span: Span, text: string): boolean {
  const after = text.slice(span.end, span.end + 80);
  const before = text.slice(Math.max(0, span.start - 80), span.start);
  return (
    spansOf(COMPANY, after).some(({ start }) => APPOSITION.test(after.slice(0, start))) ||
    NAMED_BEFORE.test(before)
  );
}

/** The sentences that are written in capitals only; a name in them then is as well. */
export function inCapitals(text: string): string {
  return sentencesWhere(text, (sentence) => sentence === sentence.toUpperCase());
}

function sentencesWhere(text: string, isWanted: (sentence: string) => boolean): string {
  return sentencesOf(text)
    .map(({ start, end }) => text.slice(start, end))
    .filter(isWanted)
    .join('\n');
}

const LEGAL_FORM =
  'GmbH(?:\\s&\\sCo\\.\\sKG)?|GMBH|gGmbH|AG|SE|KGaA|KG|OHG|UG|eG|e\\.\\s?V\\.|e\\.\\s?K\\.|GbR|PartG|Ltd|Limited|Inc|LLC|PLC|plc|LLP|Corp|S\\.A\\.|SARL|B\\.V\\.|BV|Stiftung';
const COMPANY = new RegExp(
  `(?<![\\p{L}\\d&.+-])(?:[\\p{Lu}\\d][\\p{L}\\d&.+-]*\\s(?:&\\s|und\\s(?=\\p{Lu}))?){1,6}?(?:${LEGAL_FORM})(?![\\p{L}\\d])`,
  'gu',
);
// "Neue Muster GmbH", "Muster GmbH & Co. KG" and "Muster GmbH Vertrieb AG" are not Muster GmbH.
const BELONGS_BEFORE = /(?:[\p{L}\d&]-?|(?<!\p{L})(?:Neue|Alte|Erste|Zweite)[nr]?\s)$/u;
const BELONGS_AFTER = new RegExp(
  `^(?:-?[\\p{L}\\d]|\\s(?:&|und)\\sCo(?!\\p{L})|(?:\\s[\\p{Lu}\\d][\\p{L}\\d-]{0,40}){0,3}\\s(?:${LEGAL_FORM})(?![\\p{L}\\d]))`,
  'u',
);
const APPOSITION = /^(?:n|in)?[,:(]?\s?(?:(?:nämlich|und zwar|namely|die|der|dem|den|the)\s){0,2}\(?$/u;
const NAMED_BEFORE = new RegExp(
  `(?:${LEGAL_FORM})(?:,\\s\\p{Lu}[\\p{L}-]{1,30})?,\\s(?:(?:an|a|one|eine?[mnrs]?|of|der|den|dem|our|its|their|unsere?[mnrs]?|ihre?[mnrs]?)\\s?){1,3}$`,
  'u',
);
const ARTICLE = /^(?:Die|Der|Das|Ja|The|Yes)\s/u;
const SUBJECT = {
  de: anySpelling(
    /(?<![\p{L}\d-])\p{Lu}[\p{L}\d&-]{1,40}(?:,?\s\p{Lu}[\p{L}\d&-]{0,40}){0,4}(?:,|\s\([^()]{1,40}\))?\s(?:darf|dürfen)(?!\p{L})/gu,
  ),
  en: /(?<![\p{L}\d-])\p{Lu}[\p{L}\d&-]{1,40}(?:,?\s\p{Lu}[\p{L}\d&-]{0,40}){0,4}(?:,|\s\([^()]{1,40}\))?\smay(?!\p{L})/gu,
};
const NOBODY =
  /^(?:Ja,?\s|Yes,?\s)?(?:Sie|Wir|Ich|Du|Ihr|Es|You|We|They|It|Partner|Sponsoren|Dritte|Unternehmen)(?:,|\s)/u;
