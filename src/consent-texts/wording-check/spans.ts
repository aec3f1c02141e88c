import type { Span } from './mapped-text.ts';

// Enough to see what is wrong; hostile text gets no longer list than that.
const MOST_SPANS = 20;

/** Mail and web addresses: no words, and their numbers mean nothing. */
export const ADDRESS = /(?<!\S)[^\s@]{1,100}@\S{1,100}|https?:\S{1,200}|www\.\S{1,200}/giu;

/** Where the pattern (with flag g) matches, at most twenty times. */
export function spansOf(pattern: RegExp, text: string): Span[] {
  const spans: Span[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match && spans.length < MOST_SPANS; match = pattern.exec(text)) {
    if (match[0].length === 0) pattern.lastIndex += 1;
    else spans.push({ start: match.index, end: match.index + match[0].length });
  }
  return spans;
}

export function spansOfAll(patterns: RegExp[], text: string): Span[] {
  return patterns.flatMap((pattern) => spansOf(pattern, text));
}

export function found(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(text);
}

export function foundAny(patterns: RegExp[], text: string): boolean {
  return patterns.some((pattern) => found(pattern, text));
}

export function liesWithin(span: Span, areas: Span[]): boolean {
  return areas.some((area) => area.start <= span.start && span.end <= area.end);
}

export function beginsWithin({ start }: Span, areas: Span[]): boolean {
  return areas.some((area) => area.start <= start && start < area.end);
}

/** Every place where one of the names stands, whatever its case. */
export function occurrences(names: string[], text: string): Span[] {
  const haystack = sameLengthLowerCase(text);
  return names.flatMap((name) => {
    const needle = sameLengthLowerCase(name);
    const spans: Span[] = [];
    for (let at = needle ? haystack.indexOf(needle) : -1; at >= 0 && spans.length < MOST_SPANS; ) {
      spans.push({ start: at, end: at + needle.length });
      at = haystack.indexOf(needle, at + needle.length);
    }
    return spans;
  });
}

/** The text with these stretches blanked out, every other character where it was. */
export function without(text: string, spans: Span[]): string {
  let result = text;
  for (const { start, end } of spans) {
    result = `${result.slice(0, start)}${' '.repeat(end - start)}${result.slice(end)}`;
  }
  return result;
}

// Some capitals (İ) grow when lowered; offsets would slip.
function sameLengthLowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}
