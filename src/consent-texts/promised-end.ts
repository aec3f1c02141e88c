import type { Locale } from '#db/schema/vocabulary.ts';
import { addMonths } from '#src/purposes/months.ts';

/** The end that a wording promises: a date, or a number of months after the consent. */
export type PromisedEnd = { until: string } | { months: number };

/**
 * Reads the promised end from the wording. `undefined` if it names none, or one that cannot be computed, such as two
 * years after a contract.
 */
export function promisedEnd(wording: string, locale: Locale): PromisedEnd | undefined {
  const known = readers[locale];
  if (!known) return undefined;
  const { day, span } = known;
  const dated = day.exec(wording)?.groups;
  const until = dated && lastMomentOf(dated);
  if (until) return { until };
  const { number = '', unit = '' } = span.exec(wording)?.groups ?? {};
  const count = numbers[number.toLowerCase()] ?? Number(number);
  if (!(count > 0)) return undefined;
  return { months: /^(?:jahr|year)/i.test(unit) ? count * 12 : count };
}

/** When a permission granted at this time ends. Null: the wording promises no end. */
export function permissionEnd(wording: string, locale: Locale, grantedAt: string): string | null {
  const end = promisedEnd(wording, locale);
  if (!end) return null;
  if ('until' in end) return end.until;
  return new Date(addMonths(Date.parse(grantedAt), end.months)).toISOString();
}

const numbers: Record<string, number> = {
  ein: 1,
  einem: 1,
  eines: 1,
  zwei: 2,
  drei: 3,
  vier: 4,
  fünf: 5,
  sechs: 6,
  zwölf: 12,
  one: 1,
  a: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  twelve: 12,
};

const monthNames: Record<string, number> = Object.fromEntries(
  [
    ['januar', 'january'],
    ['februar', 'february'],
    ['märz', 'march'],
    ['april'],
    ['mai', 'may'],
    ['juni', 'june'],
    ['juli', 'july'],
    ['august'],
    ['september'],
    ['oktober', 'october'],
    ['november'],
    ['dezember', 'december'],
  ].flatMap((names, index) => names.map((name) => [name, index + 1])),
);

const number = '(?<number>\\d{1,3}|[a-zäöü]{1,6})';
/** Match only in a sentence about the validity; elsewhere a number of years has another meaning. */
const readers: Record<Locale, { day: RegExp; span: RegExp }> = {
  de: {
    day: reader(
      '(?:gilt|gültig|befristet|endet|erlischt)[^.!?]{0,40}?\\s(?:bis|am|mit\\sAblauf\\sdes)\\s(?:zum\\s)?' +
        '(?<d>\\d{1,2})\\.\\s?(?<m>\\d{1,2}\\.|[a-zä]{3,9}\\s)\\s?(?<y>\\d{4})',
    ),
    span: reader(
      `(?:gilt|gültig|befristet|endet|erlischt)(?:\\s(?:für|auf|nach|längstens|höchstens|automatisch|die|dauer|von)){0,5}` +
        `\\s${number}\\s(?<unit>monate?n?|jahre?s?n?)(?!\\p{L})(?!\\s(?:nach|ab)\\s(?:vertrag|beendigung|ablauf|ende|der\\s|dem\\s|des\\s))`,
    ),
  },
  en: {
    day: reader(
      '(?:valid|applies|ends|expires|limited)[^.!?]{0,40}?\\s(?:until|on|to)\\s(?<d>\\d{1,2})\\s(?<m>[a-z]{3,9})\\s(?<y>\\d{4})',
    ),
    span: reader(
      `(?:valid|applies|ends|expires|limited)(?:\\s(?:for|to|after|up|at|most|a|period|of|automatically)){0,5}?` +
        `\\s${number}\\s(?<unit>months?|years?)(?!\\p{L})(?!\\s(?:after|from)\\s(?:the\\s)?(?:end|termination|contract|expiry))`,
    ),
  },
};

function reader(source: string): RegExp {
  return new RegExp(`(?<!\\p{L})${source}`, 'iu');
}

/** The end of the day in German time. */
function lastMomentOf({ d, m = '', y }: Record<string, string | undefined>): string | undefined {
  const month = monthNames[m.trim().toLowerCase()] ?? Number.parseInt(m, 10);
  const time = Date.UTC(Number(y), month - 1, Number(d), 22, 59, 59, 999);
  return Number.isNaN(time) || new Date(time).getUTCMonth() !== month - 1
    ? undefined
    : new Date(time).toISOString();
}
