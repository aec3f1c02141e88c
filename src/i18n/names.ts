import type { Locale } from '#db/schema/vocabulary.ts';
import { perLocale } from './per-locale.ts';

/** What a country is called, by its two letters. */
export function countryName(code: string, locale: Locale): string {
  return namesOf(locale).regions.of(code) ?? code;
}

/** What a language is called in another one: "Englisch". */
export function languageName(language: Locale, locale: Locale): string {
  return namesOf(locale).languages.of(language) ?? language;
}

const namesOf = perLocale(({ tag }) => ({
  regions: new Intl.DisplayNames([tag], { type: 'region' }),
  languages: new Intl.DisplayNames([tag], { type: 'language' }),
}));
