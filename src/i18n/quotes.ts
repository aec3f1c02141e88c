import type { Locale } from '#db/schema/vocabulary.ts';
import { localeSettings } from './locales.ts';

/** A quotation to be put in quotation marks: those inside it become single ones. */
export function quotedInside(words: string, locale: Locale): string {
  const [open, close] = localeSettings(locale).innerQuotes;
  return words.replace(/„([^“”"]*)[“”"]|“([^”"]*)[”"]/gu, (_, german?: string, english?: string) =>
    [open, german ?? english, close].join(''),
  );
}
