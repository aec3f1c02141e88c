import type { Locale } from '#db/schema/vocabulary.ts';
import { localeSettings } from './locales.ts';

/**
 * A company name behind "bei", "von" or "gegenüber": "der Muster GmbH", because these company forms are feminine in German,
 * but "Anna Muster e.K.". Other languages need no article.
 */
export function companyName(name: string, locale: Locale): string {
  const article = localeSettings(locale).companyArticle;
  return article && isFeminine(name) ? `${article} ${name}` : name;
}

export function isFeminine(name: string): boolean {
  return /\b(?:g?GmbH|UG|AG|SE|KGaA|KG|OHG|GbR|PartG|eG|Genossenschaft|Gesellschaft|Stiftung)\b/.test(name);
}
