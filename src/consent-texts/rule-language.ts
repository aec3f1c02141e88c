import type { Locale } from '#db/schema/vocabulary.ts';
import { fallbackChain } from '#src/i18n/locales.ts';
import { type RuleLanguage, ruleLanguages } from './wording-check/check-input.ts';

/**
 * The language whose rules judge a text, and in which findings are told. A text in a language without rules is
 * held against those of the next language of its fallback chain: it fails them, so that a person has to decide.
 */
export function ruleLanguage(locale: Locale): RuleLanguage {
  const known = fallbackChain(locale).flatMap((one) => ruleLanguages.find((other) => other === one) ?? []);
  return known[0] ?? ruleLanguages[0];
}
