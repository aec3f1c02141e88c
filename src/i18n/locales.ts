import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Locale } from '#db/schema/vocabulary.ts';

const locale = z.strictObject({
  /** What the language is called in itself. */
  name: z.string(),
  /** BCP 47: whose dates, numbers and lists are written. */
  tag: z.string(),
  /** The language to use for a message that this one lacks. Without it, the default language is used. */
  fallback: z.string().optional(),
  /** How a date and a time of day stand together. */
  dateTime: z.templateLiteral([z.string(), '{date}', z.string(), '{time}', z.string()]),
  quotes: z.tuple([z.string(), z.string()]),
  /** The article of a company, as in "bei der Muster GmbH". */
  companyArticle: z.string().optional(),
  /** Quotation marks inside a quotation. */
  innerQuotes: z.tuple([z.string(), z.string()]),
});

export type LocaleSettings = z.infer<typeof locale>;

/** The language of a page when neither the reader nor the form has asked for another one. */
export const defaultLocale: Locale = 'de';

const folder = new URL('.', import.meta.url);

const settings = new Map<Locale, LocaleSettings>(
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [name, locale.parse(readJson(name, 'locale.json'))]),
);

/** All languages of the product, the default one first: each folder beside this file is one. */
export const locales: Locale[] = [...settings.keys()].sort(
  (a, b) => Number(b === defaultLocale) - Number(a === defaultLocale) || a.localeCompare(b),
);

export function isLocale(value: unknown): value is Locale {
  return locales.some((known) => known === value);
}

/** The settings of a language; those of the default language where the folder is gone. */
export function localeSettings(of: Locale): LocaleSettings {
  return settings.get(of) ?? (settings.get(defaultLocale) as LocaleSettings);
}

/** The languages in which a message is looked for, in this order. */
export function fallbackChain(of: Locale): Locale[] {
  const chain = new Set<Locale>();
  let next: Locale | undefined = of;
  while (isLocale(next) && !chain.has(next)) {
    chain.add(next);
    next = settings.get(next)?.fallback;
  }
  return [...chain.add(defaultLocale)];
}

/** What is there in several languages, in one of them: the next of the fallback chain where it is missing. */
export function inLocale<Value>(translations: Record<Locale, Value>, of: Locale): Value {
  const found = [...fallbackChain(of), ...Object.keys(translations)].find(
    (one) => translations[one] !== undefined,
  );
  assert(found !== undefined, 'A translation needs at least one language.');
  return translations[found] as Value;
}

/** A record with a value for each language. */
export function eachLocale<Value>(read: (locale: Locale) => Value): Record<Locale, Value> {
  return Object.fromEntries(locales.map((locale) => [locale, read(locale)]));
}

function readJson(name: string, file: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}/${file}`, folder), 'utf8'));
}
