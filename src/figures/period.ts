import { calendarDay, isDay } from '#src/i18n/dates.ts';

export const spans = ['week', 'month', 'quarter', 'half', 'year'] as const;
export type Span = (typeof spans)[number] | 'custom';

/** Calendar days in Germany, both included. */
export interface Period {
  span: Span;
  from: string;
  to: string;
}

/** Which figures to show. */
export interface FigureFilter extends Period {
  formId?: string;
  source?: string;
}

const days: Record<(typeof spans)[number], number> = {
  week: 7,
  month: 30,
  quarter: 91,
  half: 182,
  year: 364,
};
/** A chart shows weeks or months instead of days from these lengths on. */
const daysForWeeks = 32;
const daysForMonths = 800;
const longestDays = 3_660;

/** Up to today. Longer periods begin on a Monday, so that the first week is whole. */
export function periodOf(span: Exclude<Span, 'custom'>, now: Date): Period {
  const to = calendarDay(now);
  const from = addDays(to, 1 - days[span]);
  return { span, from: days[span] >= daysForWeeks ? mondayOf(from) : from, to };
}

/** Two days in either order; `undefined` when one is not a day. */
export function periodBetween(one: string, other: string): Period | undefined {
  if (!isDay(one) || !isDay(other)) return undefined;
  const [from = '', to = ''] = [one, other].sort();
  return { span: 'custom', from: daysBetween(from, to) > longestDays ? addDays(to, -longestDays) : from, to };
}

/** The period of the same length before this one. */
export function periodBefore(period: Period): Period {
  const length = daysBetween(period.from, period.to) + 1;
  return { span: 'custom', from: addDays(period.from, -length), to: addDays(period.from, -1) };
}

export interface Bucket {
  unit: 'day' | 'week' | 'month';
  /** Its first day within the period. */
  from: string;
  to: string;
  /** It continues after the period. */
  open: boolean;
}

/** The time spans of the bars of a chart. */
export function bucketsOf({ from, to }: Period): Bucket[] {
  const length = daysBetween(from, to) + 1;
  const unit = length < daysForWeeks ? 'day' : length < daysForMonths ? 'week' : 'month';
  const buckets: Bucket[] = [];
  for (let start = from; start <= to; ) {
    const end = lastDayOf(unit, start);
    buckets.push({ unit, from: start, to: end < to ? end : to, open: end > to });
    start = addDays(end, 1);
  }
  return buckets;
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

function mondayOf(day: string): string {
  return addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
}

function lastDayOf(unit: Bucket['unit'], day: string): string {
  if (unit === 'day') return day;
  if (unit === 'week') return addDays(mondayOf(day), 6);
  const date = new Date(day);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).toISOString().slice(0, 10);
}
