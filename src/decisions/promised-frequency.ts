import { parseFrequency } from '#src/consent-texts/wording-check/frequency.ts';

/** How often the words allow it, e.g. twice a month. */
export interface PromisedFrequency {
  times: number;
  /** Since when contacts count, seen from a moment: the start of the day, week, month… it lies in. */
  countsFrom: (at: string) => string;
}

/**
 * Read from the wording itself: what was promised is what stands there, whatever a settings page may say.
 * `undefined` when the words name no frequency.
 */
export function promisedFrequency(wording: string): PromisedFrequency | undefined {
  const found = parseFrequency(wording);
  if (!found) return undefined;
  return { times: found.times, countsFrom: (at) => starts[found.per](new Date(at)).toISOString() };
}

const starts: Record<Period, (at: Date) => Date> = {
  day: (at) => utc(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()),
  week: (at) => utc(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() - ((at.getUTCDay() + 6) % 7)),
  fortnight: (at) => new Date(at.getTime() - 14 * 86_400_000),
  month: (at) => utc(at.getUTCFullYear(), at.getUTCMonth()),
  quarter: (at) => utc(at.getUTCFullYear(), at.getUTCMonth() - (at.getUTCMonth() % 3)),
  half_year: (at) => utc(at.getUTCFullYear(), at.getUTCMonth() - (at.getUTCMonth() % 6)),
  year: (at) => utc(at.getUTCFullYear(), 0),
};

type Period = 'day' | 'week' | 'fortnight' | 'month' | 'quarter' | 'half_year' | 'year';

function utc(year: number, month: number, day = 1): Date {
  return new Date(Date.UTC(year, month, day));
}
