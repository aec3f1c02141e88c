import type { Locale } from '#db/schema/vocabulary.ts';
import { escapeHtml, type Html } from './html.ts';
import { localeSettings } from './locales.ts';
import { perLocale } from './per-locale.ts';

/** The zone that people of a German company read the clock in. The exact UTC stands in the title. */
const timeZone = 'Europe/Berlin';

/** "12. März 2026" / "12 March 2026" */
export function dateText(iso: string, locale: Locale): string {
  return datesOf(locale)(new Date(iso));
}

/** "12. März 2026, 10:04 Uhr" / "12 March 2026, 10:04" */
export function dateTimeText(iso: string, locale: Locale): string {
  const time = formatsOf(locale).time.format(new Date(iso));
  return localeSettings(locale).dateTime.replace('{date}', dateText(iso, locale)).replace('{time}', time);
}

/** With its zone, where proof matters: "12. März 2026, 10:04 Uhr (MEZ)" */
export function exactTimeText(iso: string, locale: Locale): string {
  return `${dateTimeText(iso, locale)} (${zoneNamesOf(locale)(new Date(iso))})`;
}

/** To the second, for the lines of a proof: "12.03.2026, 10:04:05 MEZ" / "12 Mar 2026, 10:04:05 CET" */
export function preciseTimeText(iso: string, locale: Locale): string {
  return formatsOf(locale).precise.format(new Date(iso));
}

/** "2026-03-12 09:04:05 UTC" */
export function utcText(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The day on the calendar of the reader, `2026-03-12`: what is counted by day is counted by this one. */
export function calendarDay(at: Date): string {
  return days(at);
}

/** What an hour of the clock is called. No day and no summer time begins within one, so it is formatted once. */
function perHour(format: (at: Date) => string): (at: Date) => string {
  const known = new Map<number, string>();
  return (at) => {
    const hour = Math.floor(at.getTime() / 3_600_000);
    let text = known.get(hour);
    if (text === undefined) {
      if (known.size > 10_000) known.clear();
      text = format(at);
      known.set(hour, text);
    }
    return text;
  };
}

/** Sweden writes its days as ISO does. */
const dayFormat = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
const days = perHour((at) => dayFormat.format(at));

/** `2026-11-25`, and a day that there is. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** A day on the calendar, shorter where it stands in a chart: "12. Nov. 2026", "12. Nov." or "Nov. 2026". */
export function dayText(day: string, locale: Locale, as: 'full' | 'short' | 'month' = 'full'): string {
  return formatsOf(locale)[`${as}Day`].format(new Date(day));
}

/** A moment as a `<time>` element, for use inside a sentence. */
export function timeHtml(iso: string, text: string): Html {
  return { markup: `<time datetime="${escapeHtml(iso)}" title="${utcText(iso)}">${escapeHtml(text)}</time>` };
}

const datesOf = perLocale((_, locale) => perHour((at) => formatsOf(locale).date.format(at)));

const zoneNamesOf = perLocale((_, locale) =>
  perHour((at) => {
    const parts = formatsOf(locale).zone.formatToParts(at);
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  }),
);

const formatsOf = perLocale(({ tag }) => ({
  date: new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'long' }),
  time: new Intl.DateTimeFormat(tag, { timeZone, hour: '2-digit', minute: '2-digit' }),
  zone: new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: 'short' }),
  precise: new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'medium', timeStyle: 'long' }),
  // A day is no moment: it is read in the zone in which it was written.
  fullDay: new Intl.DateTimeFormat(tag, {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }),
  shortDay: new Intl.DateTimeFormat(tag, { timeZone: 'UTC', day: 'numeric', month: 'short' }),
  monthDay: new Intl.DateTimeFormat(tag, { timeZone: 'UTC', month: 'short', year: 'numeric' }),
}));
