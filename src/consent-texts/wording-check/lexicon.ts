import { folded, type Token } from './tokens.ts';

/** One way to say it: words in a row; `gapBefore` allows up to eight other words before the word. */
interface Entry {
  words: { word: number; gapBefore: boolean }[];
}

/** Where the words of a group stand in a sentence: for each token that begins one, the tokens behind it. */
export type GroupSpans = Map<number, number[]>;

export const WORDS_BETWEEN = 8;

/**
 * Word groups, looked up for a whole sentence in one pass. `mess*` takes every ending, `*werbung` every beginning,
 * so the effort grows with the letters of the text and not with the number of words known.
 */
export class Lexicon {
  readonly #words = new Map<string, number>();
  readonly #exact = new Map<string, number>();
  readonly #prefixes = new Map<string, number>();
  readonly #suffixes = new Map<string, number>();
  readonly #parts = new Map<string, number>();
  readonly #beginning = new Map<number, { group: number; entry: Entry }[]>();
  readonly #seen = new Map<string, Set<number>>();
  #groups = 0;

  /** Adds a list such as "messen, gemess*, hält .. fest" and returns the number of the group. */
  addGroup(list: string): number {
    const group = this.#groups;
    this.#groups += 1;
    for (const phrase of list.split(',')) this.#addEntry(group, phrase);
    return group;
  }

  /** The groups that occur among the tokens. */
  find(tokens: Token[]): Map<number, GroupSpans> {
    const ids = tokens.map(({ word }) => this.#rememberedIdsOf(word));
    const possible = this.#possibleEntries(ids);
    const found = new Map<number, GroupSpans>();
    for (let at = 0; at < tokens.length; at += 1) {
      for (const id of ids[at] ?? []) {
        for (const { group, entry } of possible.get(id) ?? []) {
          const ends = endsOf(entry, at, ids);
          if (ends.length > 0) addSpans(found, group, at, ends);
        }
      }
    }
    return found;
  }

  /** By their first word: those of which every word occurs somewhere in the sentence. */
  #possibleEntries(ids: Set<number>[]): Map<number, { group: number; entry: Entry }[]> {
    const present = new Set(ids.flatMap((some) => [...some]));
    const isPossible = ({ entry }: { entry: Entry }) => entry.words.every(({ word }) => present.has(word));
    return new Map([...present].map((id) => [id, (this.#beginning.get(id) ?? []).filter(isPossible)]));
  }

  #addEntry(group: number, phrase: string): void {
    const words: Entry['words'] = [];
    let gapBefore = false;
    for (const part of phrase.trim().split(/\s+/u)) {
      if (part === '..') gapBefore = true;
      else if (folded(part)) {
        words.push({ word: this.#idFor(folded(part)), gapBefore });
        gapBefore = false;
      }
    }
    const first = words[0];
    if (!first) return;
    const known = this.#beginning.get(first.word) ?? [];
    this.#beginning.set(first.word, [...known, { group, entry: { words } }]);
  }

  #idFor(word: string): number {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    const id = this.#words.size;
    this.#words.set(word, id);
    const bare = word.replaceAll('*', '');
    this.#tableFor(word).set(bare, id);
    return id;
  }

  #tableFor(word: string): Map<string, number> {
    if (word.startsWith('*')) return word.endsWith('*') ? this.#parts : this.#suffixes;
    return word.endsWith('*') ? this.#prefixes : this.#exact;
  }

  #rememberedIdsOf(word: string): Set<number> {
    const seen = this.#seen.get(word);
    if (seen) return seen;
    if (this.#seen.size >= MOST_REMEMBERED) this.#seen.clear();
    const ids = this.#idsOf(word);
    this.#seen.set(word, ids);
    return ids;
  }

  #idsOf(word: string): Set<number> {
    const ids = new Set<number>();
    const add = (id: number | undefined) => id !== undefined && ids.add(id);
    add(this.#exact.get(word));
    const length = Math.min(word.length, LONGEST_WORD);
    for (let cut = 1; cut <= length; cut += 1) {
      add(this.#prefixes.get(word.slice(0, cut)));
      add(this.#suffixes.get(word.slice(-cut)));
      for (let end = cut + 3; end <= Math.min(length, cut + 19); end += 1) {
        add(this.#parts.get(word.slice(cut - 1, end)));
      }
    }
    return ids;
  }
}

const LONGEST_WORD = 40;
const MOST_REMEMBERED = 5000;

function endsOf({ words }: Entry, at: number, ids: Set<number>[]): number[] {
  let ends = [at + 1];
  if (words.length === 1) return ends;
  for (const { word, gapBefore } of words.slice(1)) {
    ends = ends.flatMap((end) => placesOf(word, end, gapBefore ? WORDS_BETWEEN : 0, ids));
  }
  return [...new Set(ends)];
}

function placesOf(word: number, from: number, gap: number, ids: Set<number>[]): number[] {
  const places: number[] = [];
  for (let at = from; at <= from + gap && at < ids.length; at += 1) {
    if (ids[at]?.has(word)) places.push(at + 1);
  }
  return places;
}

function addSpans(found: Map<number, GroupSpans>, group: number, at: number, ends: number[]): void {
  const spans = found.get(group);
  const here = spans?.get(at);
  if (here) here.push(...ends);
  else if (spans) spans.set(at, ends);
  else found.set(group, new Map([[at, ends]]));
}
