import type { RuleLanguage } from './check-input.ts';
import { companiesIn, inCapitals } from './companies.ts';
import type { TextField } from './reading.ts';
import { occurrences, without } from './spans.ts';
import { anySpelling } from './spelling.ts';

/** Which of the purpose's terms the text uses; endings and hyphens do not matter. */
export function termsIn(text: string, terms: string[]): string[] {
  const words = ` ${plain(text)}`;
  return terms.filter((term) => words.includes(` ${stemOf(plain(term))}`));
}

/** Whether the text itself names a topic, for purposes without terms. */
export function hasTopic(field: TextField, locale: RuleLanguage): boolean {
  const text = field.tidy.text;
  const scope = without(text, [
    ...field.withdrawals,
    ...field.names,
    ...occurrences(companiesIn(text), text),
  ]);
  if (CONTENT[locale].test(scope)) return true;
  return locale === 'de' ? hasGermanTopic(scope) : hasEnglishTopic(scope);
}

function hasGermanTopic(text: string): boolean {
  const capitals = inCapitals(text.replace(/\s+/gu, ' ')).matchAll(OBJECT_IN_CAPITALS);
  const objects = [...text.matchAll(GERMAN_OBJECT), ...text.matchAll(OFFERED), ...capitals];
  return objects.some(([, noun]) => noun && !GENERIC.de.test(noun));
}

function hasEnglishTopic(text: string): boolean {
  return [...text.matchAll(ENGLISH_OBJECT)].some(([, phrase]) => {
    const words = (phrase ?? '').trim().split(' ');
    const stop = words.findIndex((word) => STOPS.test(word));
    return words.slice(0, stop < 0 ? words.length : stop).some((word) => !GENERIC.en.test(word));
  });
}

const CONTENT = {
  de: /(?<!\p{L})(?:einladung|preisliste|veranstaltung|seminar|wartung|katalog|reparatur)|(?<=\p{L})termine?n?(?!\p{L})/iu,
  en: /(?<!\p{L})(?:invitation|invite|price\s+list|events?(?!\p{L})|seminar|maintenance|catalogue)/iu,
};
const GERMAN_OBJECT = anySpelling(
  /(?<!\p{L})(?:über|zu|zum|zur|für|mit|rund\sum|(?:im|aus\sdem)\sBereich|ihre[nmrs]?|ihr|seine[nmrs]?|deren|dessen)\s(?:\p{Ll}[\p{L}-]{0,40}\s){0,4}(\p{Lu}[\p{L}\d-]*|„[^“”"]{1,60})/gu,
);
const OBJECT_IN_CAPITALS =
  /(?<!\p{L})(?:ÜBER|UEBER|ZU|ZUM|ZUR|FÜR|FUER|MIT|IHRE[NMR]?)\s([\p{L}\d-]{2,60})/gu;
const OFFERED = /(\p{Lu}[\p{L}\d-]*)\s(?:anzubieten|anbiete[nt]|vorzustellen|vorstell(?:en|t))(?!\p{L})/gu;
const ENGLISH_OBJECT =
  /(?<!\p{L})(?:about|for|on|regarding|concerning|with|its|their|offer(?:ing)?\s(?:me|us)|present(?:ing)?(?:\sme)?|promot(?:e|ing)|advertis(?:e|ing)|introduc(?:e|ing)|sell(?:ing)?(?:\sme)?)\s((?:[\p{L}\d-]{1,40}\s?){1,5})/giu;
const STOPS = /^(?:and|or|by|at|in|to|which|that|from|of|so|when|if|as|up)$/iu;

// Words that say nothing about what somebody will hear of.
const GENERIC = {
  de: anySpelling(
    /^(?:e-?mail|mail|link|nummer|telefon|rufnummer|adresse|anschrift|jahr|monat|woche|tag|werb|angebot|information|info|newsletter|neuigkeit|neues|news|nachricht|datenschutz|post|fax|sms|brief|weg|einstellung|seite|person|daten|zweck|kontakt|zeit|widerruf|verfügung|produkt|dienstleist|leistung|waren?$|them|marketing|unternehmen|firm|wirkung|zukunft|einwilligung|zustimmung|erhalt|zusendung|ihnen|mich|partner|sponsor|dritt|vorteil|aktion|kund|gmbh|ag$|teilnahme|formular|absenden|kästchen|beispiel|interesse)/iu,
  ),
  en: /^(?:the|an?|its|their|our|my|your|me|us|you|it|this|these|those|any|all|new|latest|more|free|own|advertis\p{L}*|marketing|newsletters?|e-?mails?|mails?|offers?|information|news|updates?|promotions?|deals|products?|services?|goods|links?|numbers?|address|details|time|charge|months?|weeks?|years?|privacy|notice|data|request|future|page|website|form|phone|post|sms|fax|behalf|purposes?|consent|contact|compan(?:y|ies)|exciting|interesting|special|exclusive|relevant|great|attractive|selected|other|further|regular|personal|tailored|partners?|sponsors?|others|third|part(?:y|ies)|once|twice|least|most|call|given|above)$/iu,
};

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim();
}

/** A light stem: long words lose a plural or case ending. */
function stemOf(term: string): string {
  return term.length > 5 ? term.replace(/(?:en|er|es|e|n|s)$/u, '') : term;
}
