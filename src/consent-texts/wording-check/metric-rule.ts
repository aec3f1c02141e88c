import type { RuleLanguage } from './check-input.ts';
import { detail, type Finding } from './finding.ts';
import type { Span } from './mapped-text.ts';
import { READ_AT_MOST, type Reading } from './reading.ts';
import { sentencesOf } from './sentences.ts';
import { ADDRESS, without } from './spans.ts';

const MOST_WORDS = 120;
const MANY_WORDS = 60;
const LONG_SENTENCE = 25;
const HARD_TO_READ: Record<RuleLanguage, number> = { de: 40, en: 50 };
// Below this many words a reading ease says nothing.
const ENOUGH_WORDS = 10;

/** W31: length, long sentences, and Flesch reading ease (in German with Amstad's factors). */
export function metricFindings(reading: Reading): Finding[] {
  const { text } = reading.wording.tidy;
  const count = wordsOf(text).length;
  const tooLong = reading.wording.original.length > READ_AT_MOST;
  return [
    ...(tooLong ? [detail(reading, 'W31', 'unread', { limit: READ_AT_MOST }, { severity: 'error' })] : []),
    ...lengthFindings(reading, count),
    ...sentenceFindings(reading, text),
    ...(count < ENOUGH_WORDS ? [] : easeFindings(reading)),
  ];
}

/** 180 − words per sentence − 58.5 × syllables per word; English 206.835 − 1.015 × … − 84.6 × … */
function readingEase(text: string, locale: RuleLanguage): number {
  const words = wordsOf(text);
  const perSentence = words.length / Math.max(1, sentencesOf(text).length);
  const perWord = words.reduce((sum, word) => sum + syllablesIn(word, locale), 0) / Math.max(1, words.length);
  return locale === 'de'
    ? 180 - perSentence - 58.5 * perWord
    : 206.835 - 1.015 * perSentence - 84.6 * perWord;
}

function lengthFindings(reading: Reading, count: number): Finding[] {
  if (count > MOST_WORDS)
    return [detail(reading, 'W31', 'words', { count, limit: MOST_WORDS }, { severity: 'error' })];
  return count > MANY_WORDS ? [detail(reading, 'W31', 'words', { count, limit: MANY_WORDS })] : [];
}

function sentenceFindings(reading: Reading, text: string): Finding[] {
  return sentencesOf(text).flatMap((span: Span) => {
    const count = wordsOf(text.slice(span.start, span.end)).length;
    return count > LONG_SENTENCE
      ? [detail(reading, 'W31', 'sentence', { count, limit: LONG_SENTENCE }, { span })]
      : [];
  });
}

/** Company names and addresses are as hard as they are; they do not count. */
function easeFindings(reading: Reading): Finding[] {
  const { tidy, names } = reading.wording;
  const own = without(tidy.text, names).replace(ADDRESS, ' ');
  const ease = Math.round(readingEase(own, reading.locale));
  const limit = HARD_TO_READ[reading.locale];
  return ease < limit ? [detail(reading, 'W31', 'reading', { count: ease, limit })] : [];
}

const WORD = /[\p{L}\d][\p{L}\d.@'’&/-]*/gu;
const VOWELS = {
  de: /aa|ee|oo|ie|ei|ai|au|eu|äu|ey|ay|ou|[aeiouyäöüé]/giu,
  en: /[aeiouy]+/giu,
};

function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

function syllablesIn(word: string, locale: RuleLanguage): number {
  const spoken = locale === 'en' ? word.replace(/(?<=[^l\W])e\b|(?<=[^td\W])ed\b/giu, '') : word;
  return Math.max(1, spoken.match(VOWELS[locale])?.length ?? 0);
}
