import type { Locale } from '#db/schema.ts';
import { escapeHtml, type Html } from './html.ts';

/** The zone that people of a German company read the clock in. The exact UTC stands in the title. */
const timeZone = 'Europe/Berlin';

/** "12. März 2026" / "12 March 2026" */
export function dateText(iso: string, locale: Locale): string {
  return formats[locale].date.format(new Date(iso));
}

/** "12. März 2026, 10:04 Uhr" / "12 March 2026, 10:04" */
export function dateTimeText(iso: string, locale: Locale): string {
  const time = formats[locale].time.format(new Date(iso));
  return `${dateText(iso, locale)}, ${time}${locale === 'de' ? ' Uhr' : ''}`;
}

/** With its zone, where proof matters: "12. März 2026, 10:04 Uhr (MEZ)" */
export function exactTimeText(iso: string, locale: Locale): string {
  const parts = formats[locale].zone.formatToParts(new Date(iso));
  return `${dateTimeText(iso, locale)} (${parts.find((part) => part.type === 'timeZoneName')?.value})`;
}

/** "2026-03-12 09:04:05 UTC" */
export function utcText(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A moment as a `<time>` element, for use inside a sentence. */
export function timeHtml(iso: string, text: string): Html {
  return { markup: `<time datetime="${escapeHtml(iso)}" title="${utcText(iso)}">${escapeHtml(text)}</time>` };
}

const formats = { de: formatsFor('de-DE'), en: formatsFor('en-GB') };

function formatsFor(tag: string) {
  return {
    date: new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'long' }),
    time: new Intl.DateTimeFormat(tag, { timeZone, hour: '2-digit', minute: '2-digit' }),
    zone: new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: 'short' }),
  };
}
