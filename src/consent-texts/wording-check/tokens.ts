import type { Span } from './mapped-text.ts';

export interface Token extends Span {
  word: string;
}

/** The words of a tidied text, each as it is compared: "Öffnungs-Rate", "Oeffnungsrate" and "ÖFFNUNGSRATE" are one. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(WORD)].map((match) => ({
    word: folded(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Lower case, umlauts as two letters, no other marks, no hyphens; `*` stays. */
export function folded(word: string): string {
  return word
    .toLowerCase()
    .replace(/[äöüß]/gu, (letter) => TWO_LETTERS[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^\p{L}\d*]/gu, '');
}

const WORD = /[\p{L}\d](?:[\p{L}\p{M}\d]|[-'’.@&*](?=[\p{L}\d]))*/gu;
const TWO_LETTERS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };
