import type { Locale } from '#db/schema.ts';

/** What a country is called, by its two letters. */
export function countryName(code: string, locale: Locale): string {
  return new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? code;
}
