import type { Locale } from '#db/schema/vocabulary.ts';

/** What the form is called in this language, else in the other, else its key. */
export function titleOf(
  form: { key: string; titles: Partial<Record<Locale, string>> },
  locale: Locale,
): string {
  return form.titles[locale] || Object.values(form.titles).find(Boolean) || form.key;
}
