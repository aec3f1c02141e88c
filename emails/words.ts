import type { Locale } from '#db/schema/vocabulary.ts';
import { localeSettings } from '#src/i18n/locales.ts';
import { perLocale } from '#src/i18n/per-locale.ts';

export function inQuotes(text: string, locale: Locale): string {
  return localeSettings(locale).quotes.join(text);
}

export function enumeration(parts: string[], locale: Locale): string {
  return listFormatOf(locale).format(parts);
}

const listFormatOf = perLocale(({ tag }) => new Intl.ListFormat(tag, { type: 'conjunction' }));
