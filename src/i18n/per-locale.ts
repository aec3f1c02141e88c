import type { Locale } from '#db/schema/vocabulary.ts';
import { type LocaleSettings, localeSettings } from './locales.ts';

/** Makes a value for a language when it is first needed, and keeps it: `Intl` formats are slow to make. */
export function perLocale<Value>(make: (settings: LocaleSettings, locale: Locale) => Value) {
  const made = new Map<Locale, Value>();
  return (locale: Locale): Value => {
    let value = made.get(locale);
    if (value === undefined) {
      value = make(localeSettings(locale), locale);
      made.set(locale, value);
    }
    return value;
  };
}
