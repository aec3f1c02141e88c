import type { RuleLanguage } from './check-input.ts';
import type { GroupSpans } from './lexicon.ts';
import type { Span } from './mapped-text.ts';
import { lexicons, type Meaning, type MeaningName, meanings, negation } from './meanings.ts';
import { placesOf, type TokenSpan } from './phrases.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A sentence of which the words are known: groups and phrases are looked for in it. */
export interface ReadSentence {
  tokens: Token[];
  groups: Map<number, GroupSpans>;
  locale: RuleLanguage;
  /** What has been looked for already. */
  spans: Map<Meaning, Span[]>;
}

export function readSentence(text: string, locale: RuleLanguage): ReadSentence {
  const key = `${locale} ${text}`;
  const before = remembered.get(key);
  if (before) return before;
  const tokens = tokensOf(text);
  const sentence = { tokens, groups: lexicons[locale].find(tokens), locale, spans: new Map() };
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  if (text.length <= LONGEST_REMEMBERED) remembered.set(key, sentence);
  return sentence;
}

// One check asks for the same sentence several times.
const remembered = new Map<string, ReadSentence>();
const MOST_REMEMBERED = 50;
const LONGEST_REMEMBERED = 1000;

/** Whether a sentence says it, in whatever words. */
export function says(name: MeaningName, sentence: ReadSentence): boolean {
  return spansOfMeaning(meanings[name], sentence).length > 0;
}

/** Where the sentence says it; offsets count from the beginning of the sentence. */
export function spansOfMeaning(meaning: Meaning, sentence: ReadSentence): Span[] {
  if (sentence.groups.size === 0) return [];
  const before = sentence.spans.get(meaning);
  if (before) return before;
  const places = meaning.phrases[sentence.locale].flatMap((phrase) => placesOf(phrase, sentence.groups));
  const spans = places
    .filter((place) => meaning.negation === 'belongs' || !isDenied(place, sentence))
    .slice(0, MOST_PLACES)
    .map((place) => characters(place, sentence.tokens));
  sentence.spans.set(meaning, spans);
  return spans;
}

const MOST_PLACES = 20;
const WORDS_BEFORE = 3;
const WORDS_AFTER = 2;

/** "Wir messen nicht, ob …" and "never measures whether …" deny; "not only" and "or not" do not. */
function isDenied({ from, to }: TokenSpan, { tokens, groups, locale }: ReadSentence): boolean {
  const denials = groups.get(negation[locale]);
  if (!denials) return false;
  for (let at = from - WORDS_BEFORE; at < to + WORDS_AFTER; at += 1) {
    const isOther = NOT_ONLY.has(tokens[at + 1]?.word ?? '') || OR.has(tokens[at - 1]?.word ?? '');
    if (denials.has(at) && !isOther) return true;
  }
  return false;
}

const NOT_ONLY = new Set(['nur', 'only', 'just', 'allein', 'bloss']);
const OR = new Set(['or', 'oder']);

function characters({ from, to }: TokenSpan, tokens: Token[]): Span {
  return { start: tokens[from]?.start ?? 0, end: tokens[to - 1]?.end ?? 0 };
}
