import { fold, squash } from './fold-text.ts';

export interface Name {
  /** Letters of the first name; ends with `$` if it is written out. Empty if missing. */
  given: string;
  family: string;
}

/** All people in a line, each in every possible split into first and family name. */
export function readNames(line: string): Name[] {
  const people = line.replace(
    /^\s*(?:z\.?\s*hd\.?|z\.?\s*h\.|zu h(?:ä|ae)nden|attn?\.?:?)\s*(?:von |v\. )?/i,
    '',
  );
  const parts = people
    .split(/\s+(?:und|u\.|and)\s+|\s*[&+]\s*/i)
    .map(wordsOf)
    .filter((words) => words.length > 0);
  const family = parts.length > 1 ? parts.at(-1)?.at(-1) : undefined;
  return parts.flatMap((words) =>
    family && words.length === 1 ? readings([...words, family]) : readings(words),
  );
}

interface Word {
  letters: string;
  short: boolean;
}

function wordsOf(text: string): Word[] {
  const words = text
    .split(/[\s\-–]+|(?<=\.)(?=\p{L})/u)
    .map((word) => ({ letters: squash(fold(word)), short: word.endsWith('.') }))
    .filter(({ letters }) => letters !== '');
  const start = words.findIndex(({ letters }) => !titles.has(letters));
  if (start < 0) return [];
  const rest = words.slice(start);
  while (rest.length > 1 && rest.at(-1)?.short && titles.has(rest.at(-1)?.letters ?? '')) rest.pop();
  return rest
    .filter(({ letters }, index) => index === 0 || index === rest.length - 1 || !particles.has(letters))
    .slice(-5);
}

function readings(words: Word[]): Name[] {
  const letters = words.map((word) => word.letters);
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last) return [];
  const names = letters.map((_, split) => ({
    given: split === 0 ? '' : givenOf(first),
    family: letters.slice(split).join(''),
  }));
  // The family name may come first.
  if (letters.length > 1) names.push({ given: givenOf(last), family: letters.slice(0, -1).join('') });
  return names;
}

/** How many letters a shortened first name has at most. */
export const maxInitials = 4;

function givenOf({ letters, short }: Word): string {
  return short || letters.length === 1 ? letters.slice(0, maxInitials) : `${letters}$`;
}

const titles = new Set(
  (
    'frau fr herr herrn hr hrn familie fam eheleute dr drs prof professor dipl ing med phil jur rer nat mag bsc msc ' +
    'mba llm dring drmed hc ehren firma fa an mr mrs ms mme mlle miss sir madame monsieur'
  ).split(' '),
);
const particles = new Set('von v zu vom zum zur van de der den del di da la le ten ter'.split(' '));
