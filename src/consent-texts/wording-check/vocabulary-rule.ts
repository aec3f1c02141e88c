import type { RuleLanguage } from './check-input.ts';
import { detail, type Finding } from './finding.ts';
import type { Reading, TextField } from './reading.ts';
import { requireRule } from './rules.ts';
import { found, spansOf, without } from './spans.ts';

type HeadTerm = 'newsletter' | 'letter' | 'information' | 'offers' | 'advertising' | 'news';

/** W30: heading, box, button and mail call the thing by one name, and advertising is not called information. */
export function vocabularyFindings(reading: Reading): Finding[] {
  const inText = headTerms(reading.wording, reading.locale);
  return [...inOneText(reading, inText), ...inOtherPlaces(reading, inText)];
}

function inOneText(reading: Reading, terms: HeadTerm[]): Finding[] {
  const isAdvertising = reading.input.purposes?.some(({ kind }) => kind === 'advertising');
  if (isAdvertising && isInformationOnly(terms)) {
    return [detail(reading, 'W30', 'information', { words: spoken(terms, reading) }, { severity: 'error' })];
  }
  // "Newsletter mit Werbung" names the thing and its nature; three names are one too many.
  const names = terms.filter((term) => term !== 'advertising');
  return names.length > 2 ? [detail(reading, 'W30', 'many', { words: spoken(names, reading) })] : [];
}

function inOtherPlaces(reading: Reading, terms: HeadTerm[]): Finding[] {
  return reading.fields.slice(1).flatMap((field) => {
    const here = headTerms(field, reading.locale);
    if (here.length === 0 || terms.length === 0 || callAlike(here, terms)) return [];
    const severity =
      isInformationOnly(here) || isInformationOnly(terms) ? 'error' : requireRule('W30').severity;
    const values = {
      place: PLACE[reading.reader][field.name],
      words: spoken(here, reading),
      others: spoken(terms, reading),
    };
    return [detail(reading, 'W30', 'places', values, { field, severity })];
  });
}

/**
 * Whether two places call the thing alike. A newsletter is news, and where one of them says openly that it is
 * advertising, the other may name the thing; only "information" would hide it.
 */
function callAlike(here: HeadTerm[], there: HeadTerm[]): boolean {
  const names = (terms: HeadTerm[]) =>
    terms.filter((term) => term !== 'advertising').map((term) => (term === 'news' ? 'newsletter' : term));
  const [ours, theirs] = [names(here), names(there)];
  if (ours.some((term) => theirs.includes(term))) return true;
  const isOpen = (ours.length === 0 || theirs.length === 0) && [...here, ...there].includes('advertising');
  return isOpen && !isInformationOnly(here) && !isInformationOnly(there);
}

function headTerms(field: TextField, locale: RuleLanguage): HeadTerm[] {
  const text = without(field.tidy.text, [...field.names, ...spansOf(ABOUT_PRIVACY, field.tidy.text)]);
  return (Object.keys(HEAD_TERMS[locale]) as HeadTerm[]).filter((term) =>
    found(HEAD_TERMS[locale][term], text),
  );
}

function isInformationOnly(terms: HeadTerm[]): boolean {
  return terms.length === 1 && terms[0] === 'information';
}

function spoken(terms: HeadTerm[], { reader }: Reading): string {
  return terms.map((term) => SPOKEN[reader][term]).join(', ');
}

const ABOUT_PRIVACY =
  /(?:information(?:en)?\szum\s)?datenschutz\p{L}{0,20}|privacy\sinformation|data\sprotection\sinformation/giu;
const HEAD_TERMS: Record<RuleLanguage, Record<HeadTerm, RegExp>> = {
  de: {
    newsletter: /newsletters?(?!\p{L})/giu,
    letter: /(?<!\p{L})infobriefe?(?!\p{L})/giu,
    information: /(?<!\p{L})(?:produkt)?info(?:s|rmation(?:en)?)(?!\p{L})/giu,
    offers: /(?<!\p{L})(?:sonder)?angebote?n?(?!\p{L})/giu,
    advertising: /(?<!\p{L})werb(?:ung|lich|e[-m])/giu,
    news: /(?<!\p{L})(?:news|neuigkeiten)(?!\p{L})/giu,
  },
  en: {
    newsletter: /(?<!\p{L})newsletters?(?!\p{L})/giu,
    letter: /(?<!\p{L})info\sletters?(?!\p{L})/giu,
    information: /(?<!\p{L})information(?!\p{L})/giu,
    offers: /(?<!\p{L})(?:special\s)?offers(?!\p{L})/giu,
    advertising: /(?<!\p{L})(?:advertis|marketing)/giu,
    news: /(?<!\p{L})(?:news|updates)(?!\p{L})/giu,
  },
};
const PLACE: Record<RuleLanguage, Record<TextField['name'], string>> = {
  de: {
    wording: 'Im Text',
    title: 'Im Titel des Zwecks',
    heading: 'In der Überschrift',
    hint: 'Im Hinweis daneben',
    button: 'Auf dem Knopf',
    other: 'An anderer Stelle',
  },
  en: {
    wording: 'In the text',
    title: 'In the title of the purpose',
    heading: 'In the heading',
    hint: 'In the hint beside it',
    button: 'On the button',
    other: 'Elsewhere',
  },
};
const SPOKEN: Record<RuleLanguage, Record<HeadTerm, string>> = {
  de: {
    newsletter: 'Newsletter',
    letter: 'Infobrief',
    information: 'Informationen',
    offers: 'Angebote',
    advertising: 'Werbung',
    news: 'Neuigkeiten',
  },
  en: {
    newsletter: 'newsletter',
    letter: 'info letter',
    information: 'information',
    offers: 'offers',
    advertising: 'advertising',
    news: 'news',
  },
};
