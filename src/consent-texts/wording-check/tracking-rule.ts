import { detail, type Finding } from './finding.ts';
import type { Reading } from './reading.ts';
import { liesWithin, occurrences, spansOf } from './spans.ts';
import { anySpelling } from './spelling.ts';

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

const MEASURED = {
  de: anySpelling(/öffn|klick|gelesen|lese\s/iu),
  en: /(?<!\p{L})open|click|(?<!\p{L})read(?!\p{L})/iu,
};
const ASKS = {
  de: anySpelling(
    /(?:darf|dürfen|willige|einverstanden|stimme|erlaube)[^.]{0,120}(?:auswert|messen|gemessen|messung|verfolg|analys|erfass|tracking)/iu,
  ),
  en: /(?<!\p{L})(?:may|agree|consent|allow)[^.]{0,120}(?:analy[sz]e|analysed|measure|track|record)/iu,
};
// "Maßgeschneidert" may be a suit; advertising cut to measure needs to know whom it measured.
const PERSONAL = {
  de: anySpelling(
    /(?<!\p{L})(?:(?:auf|an)\s(?:meine|ihre|deine|eure|die)\s(?:persönlichen\s|individuellen\s)?(?:interessen|bedürfnisse|vorlieben)|zu\s(?:meine|ihre|deine)[mnr]\s(?:interessen|vorlieben)|was\sich\s(?:gekauft|angesehen|bestellt|gelesen|angeklickt)|interessenbezogen\p{L}{0,2}|individualisiert\p{L}{0,2}|(?:kauf|nutzungs|nutzer|surf|klick|such)verhaltens?|ma(?:ß|ss)geschneiderte?[nrs]?\s(?:werbung|angeboten?|informationen|empfehlungen|inhalten?|newsletter)|personalisier\p{L}{0,6}|zugeschnitten\p{L}{0,3}|(?:nutzungs|nutzer|kunden|interessen|persönlichkeits)?profil(?:e|s|en|bildung|ing)?)(?!\p{L})/giu,
  ),
  en: /(?<!\p{L})(?:(?:based\son|according\sto|match(?:es|ing|ed\sto)?|suited\sto|relevant\sto)\s(?:my|your)\s(?:\p{L}{1,30}\s){0,2}(?:interests?|behaviou?r|purchases|history|activity)|interest-based|(?:what|which)\s(?:\p{L}{1,20}\s)?(?:i|you)\s(?:bought|viewed|read|clicked|looked)|(?:browsing|purchase|purchasing|shopping|buying)\s(?:behaviou?r|history)|customi[sz]ed\s(?:offers|advertising|content|news)|personali[sz](?:ed|ation|e|ing)|tailored|profil(?:e|es|ing))(?!\p{L})/giu,
};
