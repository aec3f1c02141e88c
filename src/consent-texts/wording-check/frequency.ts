import type { Frequency, Period, RuleLanguage } from './check-input.ts';
import type { Span } from './mapped-text.ts';
import { anySpelling, spellings } from './spelling.ts';

/** How often the text promises to write, and where it says so. The first such words count. */
export function frequencyIn(text: string, locale: RuleLanguage): (Frequency & { span: Span }) | undefined {
  const candidates = READERS[locale].flatMap(({ pattern, read }) => {
    const match = pattern.exec(text);
    const frequency = match && read(match);
    return match && frequency ? [{ ...frequency, span: spanOf(match) }] : [];
  });
  return candidates.toSorted((a, b) => a.span.start - b.span.start || b.span.end - a.span.end)[0];
}

/** Reads `2/month`, or the words of either language, as an operator would type them. */
export function parseFrequency(words: string): Frequency | undefined {
  const short = /^\s*([1-9]\d{0,2})\s*\/\s*(day|week|fortnight|month|quarter|half_year|year)\s*$/u.exec(
    words,
  );
  if (short) return { times: Number(short[1]), per: short[2] as Period };
  const spoken = frequencyIn(words, 'de') ?? frequencyIn(words, 'en');
  return spoken && { times: spoken.times, per: spoken.per };
}

/** Whether both promise the same; "fortnightly" and "twice a month" do. */
export function sameFrequency(one: Frequency, other: Frequency): boolean {
  const ratio = perYear(one) / perYear(other);
  return ratio > 0.9 && ratio < 1.1;
}

export function frequencyInWords({ times, per }: Frequency, reader: RuleLanguage): string {
  return reader === 'de'
    ? `${times}-mal ${PER.de[per]}`
    : `${times} ${times === 1 ? 'time' : 'times'} ${PER.en[per]}`;
}

const PER: Record<RuleLanguage, Record<Period, string>> = {
  de: {
    day: 'am Tag',
    week: 'in der Woche',
    fortnight: 'in zwei Wochen',
    month: 'im Monat',
    quarter: 'im Quartal',
    half_year: 'im Halbjahr',
    year: 'im Jahr',
  },
  en: {
    day: 'a day',
    week: 'a week',
    fortnight: 'a fortnight',
    month: 'a month',
    quarter: 'a quarter',
    half_year: 'in half a year',
    year: 'a year',
  },
};
const IN_A_YEAR: Record<Period, number> = {
  day: 365,
  week: 52,
  fortnight: 26,
  month: 12,
  quarter: 4,
  half_year: 2,
  year: 1,
};

function perYear({ times, per }: Frequency): number {
  return times * IN_A_YEAR[per];
}

interface Reader {
  pattern: RegExp;
  read: (match: RegExpExecArray) => Frequency | undefined;
}

const NUMBER = '\\d{1,3}|ein|eine|einen|einer|zwei|drei|vier|fünf|sechs|sieben|acht|zehn|zwölf';
const ENGLISH_NUMBER = '\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|ten|twelve';
const NUMBERS: Record<string, number> = {
  ein: 1,
  eine: 1,
  einen: 1,
  einer: 1,
  zwei: 2,
  drei: 3,
  vier: 4,
  fünf: 5,
  fuenf: 5,
  sechs: 6,
  sieben: 7,
  acht: 8,
  zehn: 10,
  zwölf: 12,
  zwoelf: 12,
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  ten: 10,
  twelve: 12,
  once: 1,
  twice: 2,
};
const ADVERBS: [RegExp, Period][] = [
  [anySpelling(/^vierteljährlich|^quartalsweise|^quarterly/u), 'quarter'],
  [anySpelling(/^halbjährlich|^half-yearly/u), 'half_year'],
  [anySpelling(/^14-täg|^zweiwöchentlich|^fortnightly|^biweekly/u), 'fortnight'],
  [anySpelling(/^täglich|^daily/u), 'day'],
  [anySpelling(/^wöchentlich|^weekly/u), 'week'],
  [anySpelling(/^monatlich|^monthly/u), 'month'],
  [anySpelling(/^jährlich|^yearly|^annual/u), 'year'],
];
const PERIODS: [RegExp, Period][] = [
  [anySpelling(/^(?:tag|day)/u), 'day'],
  [anySpelling(/^(?:woche|week)/u), 'week'],
  [anySpelling(/^(?:monat|month)/u), 'month'],
  [anySpelling(/^(?:quartal|quarter)/u), 'quarter'],
  [anySpelling(/^(?:halbjahr)/u), 'half_year'],
  [anySpelling(/^(?:jahr|year)/u), 'year'],
];
const ADVERB =
  'vierteljährlich|quartalsweise|halbjährlich|14-täg(?:lich|ig)|zweiwöchentlich|täglich|wöchentlich|monatlich|jährlich';
const ENGLISH_ADVERB = 'quarterly|half-yearly|fortnightly|biweekly|daily|weekly|monthly|yearly|annually';
const PERIOD = 'tag|woche|monat|quartal|halbjahr|jahr';
const ENGLISH_PERIOD = 'day|week|month|quarter|year';
const L = '(?<![\\p{L}\\d-])';

const READERS: Record<RuleLanguage, Reader[]> = {
  de: [
    reader(
      `${L}(${NUMBER})(?:\\s?mal|\\s?x)?\\s(?:[\\p{L}-]{1,20}\\s)?(?:pro|im|in\\sder|je|am)\\s(?:kalender)?(${PERIOD})`,
      (m) => counted(m[1], m[2]),
    ),
    reader(`${L}(${NUMBER})(?:\\s?mal|\\s?x)\\s(${ADVERB})`, (m) => often(m[1], m[2])),
    reader(
      `${L}(${ADVERB})\\s(?:(?:bis\\szu|höchstens|maximal|etwa)\\s)?(${NUMBER})\\s?(?:mal|x|e-?mails?|mails?|nachrichten|briefe?|anrufe?|sms|newsletter|ausgaben)(?!\\p{L})`,
      (m) => often(m[2], m[1]),
    ),
    reader(`${L}jede[nrs]?\\szweite[nrs]?\\s(${PERIOD})`, (m) => everyFew('zwei', m[1])),
    reader(`${L}alle\\s(${NUMBER})\\s(tage|wochen|monate)`, (m) => everyFew(m[1], m[2])),
    reader(`${L}jede[nrs]?\\s(${PERIOD})`, (m) => counted('ein', m[1])),
    reader(`${L}(${ADVERB})`, (m) => often('ein', m[1])),
  ],
  en: [
    reader(
      `${L}(once|twice|(?:${ENGLISH_NUMBER})(?:\\stimes|\\s[\\p{L}-]{1,20}){0,2})\\s(?:a|an|per|each|every)\\s(?:calendar\\s)?(${ENGLISH_PERIOD})`,
      (m) => counted(m[1]?.split(' ')[0], m[2]),
    ),
    reader(`${L}(once|twice)\\s(${ENGLISH_ADVERB})`, (m) => often(m[1], m[2])),
    reader(
      `${L}(${ENGLISH_ADVERB}),?\\s(?:(?:up\\sto|at\\smost|about)\\s)?(${ENGLISH_NUMBER})\\s(?:times|e-?mails?|messages?|letters?|calls?|newsletters?)(?!\\p{L})`,
      (m) => often(m[2], m[1]),
    ),
    reader(`${L}every\\s(?:other|second)\\s(${ENGLISH_PERIOD})`, (m) => everyFew('two', m[1])),
    reader(`${L}every\\s(${ENGLISH_NUMBER})\\s(days|weeks|months)`, (m) => everyFew(m[1], m[2])),
    reader(`${L}(?:each|every)\\s(${ENGLISH_PERIOD})`, (m) => counted('one', m[1])),
    reader(`${L}(${ENGLISH_ADVERB})`, (m) => often('one', m[1])),
  ],
};

function reader(source: string, read: Reader['read']): Reader {
  return { pattern: new RegExp(spellings(source), 'iu'), read };
}

function counted(number: string | undefined, period: string | undefined): Frequency | undefined {
  const times = numberOf(number);
  const per = PERIODS.find(([words]) => words.test((period ?? '').toLowerCase()))?.[1];
  return times && per ? { times, per } : undefined;
}

function often(number: string | undefined, adverb: string | undefined): Frequency | undefined {
  const times = numberOf(number);
  const per = ADVERBS.find(([words]) => words.test((adverb ?? '').toLowerCase()))?.[1];
  return times && per ? { times, per } : undefined;
}

function everyFew(number: string | undefined, period: string | undefined): Frequency | undefined {
  const each = counted('one', period);
  const step = numberOf(number);
  return each && step ? { times: IN_A_YEAR[each.per] / step, per: 'year' } : undefined;
}

function numberOf(words: string | undefined): number | undefined {
  const word = (words ?? '').toLowerCase();
  return NUMBERS[word] ?? (/^\d+$/u.test(word) && Number(word) > 0 ? Number(word) : undefined);
}

function spanOf(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length };
}
