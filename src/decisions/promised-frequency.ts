import { parseFrequency } from '#src/consent-texts/wording-check/frequency.ts';

/** How often the words allow it, e.g. twice a month. */
export interface PromisedFrequency {
  times: number;
  /** The start of the period that a moment lies in: contacts count from there. */
  countsFrom: (at: string) => string;
  /** The start of the next calendar period; `null` for days that are counted back from the moment. */
  nextPeriod: (at: string) => string | null;
}

/**
 * Read from the wording itself: the promise is what the person read, whatever a settings page says. `undefined` when the
 * words name no frequency.
 */
export function promisedFrequency(wording: string): PromisedFrequency | undefined {
  const found = parseFrequency(wording);
  if (!found) return undefined;
  const { times, per } = found;
  return {
    times,
    countsFrom: (at) => starts[per](new Date(at)).toISOString(),
    nextPeriod: (at) => ends[per]?.(starts[per](new Date(at))).toISOString() ?? null,
  };
}

/** "Every two weeks" names no first week, so the days are counted back from the day of the contact. */
export const rollingPeriodMs = 14 * 86_400_000;

const starts: Record<Period, (at: Date) => Date> = {
  day: (at) => utc(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()),
  week: (at) => utc(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() - ((at.getUTCDay() + 6) % 7)),
  fortnight: (at) => new Date(at.getTime() - rollingPeriodMs),
  month: (at) => utc(at.getUTCFullYear(), at.getUTCMonth()),
  quarter: (at) => utc(at.getUTCFullYear(), at.getUTCMonth() - (at.getUTCMonth() % 3)),
  half_year: (at) => utc(at.getUTCFullYear(), at.getUTCMonth() - (at.getUTCMonth() % 6)),
  year: (at) => utc(at.getUTCFullYear(), 0),
};

const ends: Partial<Record<Period, (start: Date) => Date>> = {
  day: (start) => later(start, 0, 1),
  week: (start) => later(start, 0, 7),
  month: (start) => later(start, 1),
  quarter: (start) => later(start, 3),
  half_year: (start) => later(start, 6),
  year: (start) => later(start, 12),
};

type Period = 'day' | 'week' | 'fortnight' | 'month' | 'quarter' | 'half_year' | 'year';

function later(start: Date, months: number, days = 0): Date {
  return utc(start.getUTCFullYear(), start.getUTCMonth() + months, start.getUTCDate() + days);
}

function utc(year: number, month: number, day = 1): Date {
  return new Date(Date.UTC(year, month, day));
}
