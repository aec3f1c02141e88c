import { type GroupSpans, type Lexicon, WORDS_BETWEEN } from './lexicon.ts';

/**
 * `<measure> .. <which> + <open> without <not>, darf`: a name in angle brackets is a word group, anything else a word.
 * `..` allows up to eight words between, `...` sixteen, `+` joins parts in any order, and none of what follows `without` may stand
 * in the sentence.
 */
export interface Phrase {
  source: string;
  parts: Step[][];
  without: Step[][];
}

interface Step {
  group: number;
  /** How many other words may stand before it. */
  gapBefore: number;
}

/** First token, and the token behind the last one. */
export interface TokenSpan {
  from: number;
  to: number;
}

export function parsePhrase(source: string, groups: Map<string, number>, lexicon: Lexicon): Phrase {
  const [main = '', exceptions] = source.split(' without ');
  return {
    source,
    parts: main.split(' + ').map((part) => stepsOf(part, groups, lexicon)),
    without: (exceptions?.split(',') ?? []).map((word) => stepsOf(word, groups, lexicon)),
  };
}

/** Where the phrase stands among the groups found in a sentence. */
export function placesOf(phrase: Phrase, found: Map<number, GroupSpans>): TokenSpan[] {
  if (phrase.parts.some((steps) => steps.some(({ group }) => !found.has(group)))) return [];
  if (phrase.without.some((steps) => rowsOf(steps, found).length > 0)) return [];
  const [first = [], ...others] = phrase.parts.map((steps) => rowsOf(steps, found));
  return others.reduce(together, first);
}

/** Parts in any order belong together within this many words. */
const PARTS_WITHIN = 22;

/** Both lists are in the order of the text, so each place is compared with its neighbours only. */
function together(some: TokenSpan[], others: TokenSpan[]): TokenSpan[] {
  let nearest = 0;
  const joined = some.flatMap((one) => {
    while ((others[nearest]?.from ?? Number.NaN) < one.from - PARTS_WITHIN) nearest += 1;
    for (let at = nearest; (others[at]?.from ?? Number.NaN) <= one.from + PARTS_WITHIN; at += 1) {
      const { from, to } = others[at] as TokenSpan;
      const both = { from: Math.min(one.from, from), to: Math.max(one.to, to) };
      if ((from >= one.to || to <= one.from) && both.to - both.from <= PARTS_WITHIN) return [both];
    }
    return [];
  });
  return joined.sort((one, other) => one.from - other.from);
}

function rowsOf([first, ...rest]: Step[], found: Map<number, GroupSpans>): TokenSpan[] {
  if (!first) return [];
  return [...(found.get(first.group) ?? [])].flatMap(([from, ends]) => {
    const last = rest.reduce((reached, step) => reach(reached, step, found), ends);
    return last.length > 0 ? [{ from, to: Math.min(...last) }] : [];
  });
}

function reach(ends: number[], { group, gapBefore }: Step, found: Map<number, GroupSpans>): number[] {
  const spans = found.get(group) ?? new Map<number, number[]>();
  const next = new Set<number>();
  for (const end of ends) {
    for (let at = end; at <= end + gapBefore; at += 1) {
      for (const reached of spans.get(at) ?? []) next.add(reached);
    }
  }
  return [...next];
}

function stepsOf(part: string, groups: Map<string, number>, lexicon: Lexicon): Step[] {
  const steps: Step[] = [];
  let gapBefore = 0;
  for (const [element] of part.matchAll(/<[^<>]+>|[^\s<>]+/gu)) {
    if (element === '..') gapBefore = WORDS_BETWEEN;
    else if (element === '...') gapBefore = 2 * WORDS_BETWEEN;
    else if (element !== ',') {
      steps.push({ group: groupOf(element, groups, lexicon), gapBefore });
      gapBefore = 0;
    }
  }
  return steps;
}

function groupOf(element: string, groups: Map<string, number>, lexicon: Lexicon): number {
  if (!element.startsWith('<')) return lexicon.addGroup(element);
  const group = groups.get(element.slice(1, -1));
  if (group === undefined) throw new Error(`There is no word group ${element}.`);
  return group;
}
