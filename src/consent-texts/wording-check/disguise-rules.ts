import { type Finding, finding } from './finding.ts';
import { isLookAlike, type MappedText, untidied, withoutHidden } from './mapped-text.ts';
import { READ_AT_MOST, type Reading, type TextField } from './reading.ts';
import { requireRule } from './rules.ts';
import { found, spansOf } from './spans.ts';

/** What makes a text read otherwise than it is stored: hidden characters, foreign letters, markup. */
export function disguiseFindings(reading: Reading): Finding[] {
  return reading.fields.flatMap((field) => {
    const stored = untidied(field.original.slice(0, READ_AT_MOST));
    const visible = withoutHidden(stored);
    return [
      ...named(reading, field, stored, 'T01', BIDI),
      ...named(reading, field, stored, 'T02', INVISIBLE),
      ...foreignLetters(reading, field, visible),
      ...markup(reading, field, visible),
    ];
  });
}

const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
// The soft hyphen only helps to break lines, and emoji are made with joiners and selectors.
const INVISIBLE =
  /(?!\u00ad|\ufe0e|\ufe0f|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])(?!(?<=\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?)\u200d)(?:\p{Cf}|\p{Default_Ignorable_Code_Point}|\u2800|(?!\p{White_Space})\p{Cc})+/gu;
const WORD = /[\p{L}\p{M}]+/gu;
const LATIN = /\p{Script=Latin}/u;
const FOREIGN = /(?!\p{Script=Latin}|\p{Script=Common}|\p{Script=Inherited})\p{L}/u;
const ALPHABET_OF_SYMBOLS = /[\uff21-\uff3a\uff41-\uff5a\ufb00-\ufb06\u{1d400}-\u{1d7ff}]/u;
const STRAY_MARK = /\p{L}\p{Mn}/u;
const MARKUP = /<(?:\/?[a-z][^<>]{0,400}|!--[^<>]{0,400})>/giu;
const ACTIVE =
  /^<\/?(?:script|style|iframe|object|embed|svg|form|input|button|link|meta|base|img)(?![\p{L}\d])|\son\w+\s?=|javascript:/iu;

function named(reading: Reading, field: TextField, text: MappedText, id: string, pattern: RegExp): Finding[] {
  return spansOf(pattern, text.text).map((span) => {
    const codes = Array.from(text.text.slice(span.start, span.end), codePoint);
    const title = requireRule(id).title[reading.reader];
    return at(reading, field, text, id, span, `${codes.join(' ')}: ${title}.`);
  });
}

function foreignLetters(reading: Reading, field: TextField, text: MappedText): Finding[] {
  if (!found(NOT_PLAIN, text.text)) return [];
  return [...text.text.matchAll(WORD)]
    .filter(([word]) => isDisguised(word))
    .slice(0, 20)
    .map((match) =>
      at(reading, field, text, 'T03', { start: match.index, end: match.index + match[0].length }),
    );
}

const NOT_PLAIN = /[\u0300-\u{10ffff}]/gu;

function isDisguised(word: string): boolean {
  if (ALPHABET_OF_SYMBOLS.test(word) || STRAY_MARK.test(word)) return true;
  if (!FOREIGN.test(word)) return false;
  return LATIN.test(word) || (word.length > 1 && Array.from(word).every(isLookAlike));
}

function markup(reading: Reading, field: TextField, text: MappedText): Finding[] {
  return spansOf(MARKUP, text.text).map((span) => {
    const tag = text.text.slice(span.start, span.end);
    const one = at(reading, field, text, 'T04', span);
    return ACTIVE.test(tag) ? { ...one, severity: 'error' } : one;
  });
}

function at(
  reading: Reading,
  field: TextField,
  text: MappedText,
  id: string,
  span: { start: number; end: number },
  message?: string,
): Finding {
  return finding(reading, requireRule(id), { field: { ...field, tidy: text }, span, message });
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
