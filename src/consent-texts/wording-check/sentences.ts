import type { RuleLanguage } from './check-input.ts';
import { readSentence, says } from './find-meanings.ts';
import type { Span } from './mapped-text.ts';
import { anySpelling } from './spelling.ts';

/** The sentences of a tidied text, without the spaces between them. */
export function sentencesOf(text: string): Span[] {
  const pattern = text === text.toLowerCase() ? END_IN_SMALL_LETTERS : SENTENCE_END;
  const ends = [...text.matchAll(pattern)]
    .filter(({ index, 0: end }) => {
      const after = text.slice(index + end.length, index + end.length + 12);
      return !endsInAbbreviation(text.slice(Math.max(0, index - 20), index)) || NEW_SENTENCE.test(after);
    })
    .map((match) => match.index + match[0].length);
  return cutAt(text, ends);
}

/**
 * Where the text speaks about withdrawing. Ways and examples named there ("z. B. über den Link in
 * jeder E-Mail") belong to the way out, not to what is consented to.
 */
export function withdrawalsIn(text: string, locale: RuleLanguage): Span[] {
  return sentencesOf(text)
    .flatMap((sentence) => parted(text, sentence, /;\s/gu))
    .flatMap((part) => {
      const words = text.slice(part.start, part.end);
      if (!speaksOfWithdrawal(words, locale)) return [];
      return GRANT[locale].test(words) ? tailOf(text, part, locale) : [part];
    });
}

/** The text less the sentences that only consent: "per E-Mail" there is no way to withdraw. */
export function withoutGrants(text: string, locale: RuleLanguage): string {
  return sentencesOf(text)
    .map(({ start, end }) => text.slice(start, end))
    .filter((words) => speaksOfWithdrawal(words, locale) || !GRANT[locale].test(words))
    .join(' ');
}

/** Whether the words tell a way out, be it "withdraw" or "tell you to stop". */
export function speaksOfWithdrawal(words: string, locale: RuleLanguage): boolean {
  return WITHDRAWAL[locale].test(words) || says('withdrawal', readSentence(words, locale));
}

const SENTENCE_END = /[.!?…]["“”'’)]*\s(?=["„“‘(☐]?[\p{Lu}\d☐])/gu;
const END_IN_SMALL_LETTERS = /[.!?…]["“”'’)]*\s(?=\S)/gu;
const ABBREVIATION =
  /(?:^|[\s(])(?:\p{L}|\d{1,2}|nr|ca|bzw|inkl|str|dr|evtl|ggf|abs|art|tel|max|mind|min|co|inc|ltd|etc|usw)$/iu;

// "13. Lebensjahr" and "z. B. über" go on; after "13. Ich" a new sentence has begun.
const NEW_SENTENCE =
  /^(?:das|die|der|dies|ich|ja|es|sie|wir|mehr|wenn|ein|eine|meine?|i|you|it|the|this|that|yes|we|more|if|my|details)\s/iu;
const WITHDRAWAL = {
  de: /widerruf|widerrief|abbestell|abmeld|(?:kann|können|jederzeit)\s[^.]{0,60}widersprech/iu,
  en: /withdraw|revo[ck]|unsubscri|opt[\s-]out/iu,
};
const GRANT = {
  de: anySpelling(
    /(?<!\p{L})(?:darf|dürfen|willige|einverstanden|stimme|erlaube|hiermit|ja[,:\s]|möchte\s(?!(?:das|dies|es|sie)?\s?jederzeit|(?:[^\s.,]{1,20}\s){0,3}(?:nicht|keine?)\s))/iu,
  ),
  en: /(?<!\p{L})(?:yes[,:\s]|may\s(?:send|call|contact|e-?mail|write|inform|use|pass|phone|text)|want|would\slike|agree|consent\sto)/iu,
};
const NEXT_CLAUSE = {
  de: /[,:(–—]\s?|\s(?=und\s(?:ich\s)?kann\s)/gu,
  en: /[,:(–—]\s?|\s(?=and\s(?:i\s)?(?:can|may)\s)/giu,
};

function endsInAbbreviation(before: string): boolean {
  return ABBREVIATION.test(before);
}

/** Of a sentence that consents and withdraws in one breath: everything from the withdrawal on. */
function tailOf(text: string, sentence: Span, locale: RuleLanguage): Span[] {
  const clauses = parted(text, sentence, NEXT_CLAUSE[locale]);
  const first = clauses.findIndex(({ start, end }) => speaksOfWithdrawal(text.slice(start, end), locale));
  const tail = clauses.slice(first);
  const grantsAgain = tail.some(({ start, end }) => GRANT[locale].test(text.slice(start, end)));
  const start = tail[0]?.start;
  return start === undefined || grantsAgain ? [] : [{ start, end: sentence.end }];
}

function parted(text: string, span: Span, separator: RegExp): Span[] {
  const ends = [...text.slice(span.start, span.end).matchAll(separator)].map((m) => m.index + m[0].length);
  return cutAt(text.slice(span.start, span.end), ends).map(({ start, end }) => ({
    start: start + span.start,
    end: end + span.start,
  }));
}

function cutAt(text: string, ends: number[]): Span[] {
  return [0, ...ends]
    .map((start, index) => ({ start, end: ends[index] ?? text.length }))
    .map(({ start, end }) => ({ start, end: start + text.slice(start, end).trimEnd().length }))
    .filter(({ start, end }) => end > start);
}
