import { detail, type Finding } from './finding.ts';
import type { Reading } from './reading.ts';
import { liesWithin, occurrences, spansOf } from './spans.ts';

/** W26: what is measured is asked for in a text that says so, and no text personalises without asking. */
export function trackingFindings(reading: Reading): Finding[] {
  const { input, wording, locale } = reading;
  const { text } = wording.tidy;
  const isOwnPurpose =
    input.purposes?.some(({ key, kind }) => kind === 'tracking' || /track|profil/iu.test(key)) ?? false;
  const saysWhat = MEASURED[locale].test(text);
  const asks = saysWhat && ASKS[locale].test(text);
  const { opens, clicks, personalisation, ownConsent } = input.tracking ?? {};
  const isMeasured = Boolean(opens || clicks || personalisation);

  if (isOwnPurpose) return saysWhat ? [] : [detail(reading, 'W26', 'unsaid')];
  if (asks || ownConsent) return [];
  if (isMeasured) return [detail(reading, 'W26', 'silent')];
  return personalWords(reading);
}

function personalWords(reading: Reading): Finding[] {
  const { input, wording, locale } = reading;
  const { text } = wording.tidy;
  const excused = [...wording.names, ...occurrences(input.terms ?? [], text)];
  return spansOf(PERSONAL[locale], text)
    .filter((span) => !liesWithin(span, excused))
    .map((span) => detail(reading, 'W26', 'word', { excerpt: text.slice(span.start, span.end) }, { span }));
}

const MEASURED = { de: /öffn|klick|gelesen|lese\s/iu, en: /(?<!\p{L})open|click|(?<!\p{L})read(?!\p{L})/iu };
const ASKS = {
  de: /(?:darf|dürfen|willige|einverstanden|stimme|erlaube)[^.]{0,120}(?:auswert|messen|gemessen|messung|verfolg|analys|erfass|tracking)/iu,
  en: /(?<!\p{L})(?:may|agree|consent|allow)[^.]{0,120}(?:analy[sz]e|analysed|measure|track|record)/iu,
};
const PERSONAL = {
  de: /(?<!\p{L})(?:personalisier\p{L}{0,6}|zugeschnitten\p{L}{0,3}|(?:nutzungs|nutzer|kunden|interessen|persönlichkeits)?profil(?:e|s|en|bildung|ing)?)(?!\p{L})/giu,
  en: /(?<!\p{L})(?:personali[sz](?:ed|ation|e|ing)|tailored|profil(?:e|es|ing))(?!\p{L})/giu,
};
