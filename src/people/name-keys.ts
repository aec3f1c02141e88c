import { fold, squash } from './fold-text.ts';
import { maxInitials, type Name, readNames } from './read-names.ts';

/**
 * The names on a postal address as sets of short texts. An objection stores `kept`; a contact point that has one of its
 * `exact` or `wide` keys in that set belongs to the person who objected.
 *
 * A key is `F{line}|family|given` for a full name or `S{line}|family|start` for a shortened first name; `C|name` is a
 * company.
 */
export interface NameKeys {
  /** Stored with an objection. */
  kept: string[];
  /** Certainly the same person. */
  exact: string[];
  /** Very likely the same person. */
  wide: string[];
  /** Family and company names: a shared one is shown to staff and does not block. */
  near: string[];
}

export function nameKeys(lines: string[]): NameKeys {
  const { people, companies } = sortLines(lines);
  const { kept, exact, wide } = personKeys(people);
  if (people.length === 0) kept.push(...companies.map(companyKey));
  // A single name without title may be a company without legal form.
  else if (people.length === 1 && companies.length === 0 && people[0]?.plain)
    kept.push(companyKey(squash(fold(lines[0] ?? ''))));
  const companyProbes = [...companies, ...lines.map((line) => squash(fold(line)))].map(companyKey);
  (people.length === 0 ? exact : wide).push(...companyProbes);
  const near = [...people.flatMap(({ names }) => names.map(({ family }) => family)), ...companies];
  return { kept: unique(kept), exact: unique(exact), wide: unique(wide), near: unique(near) };
}

interface PersonLine {
  names: Name[];
  /** Without "Frau", "z. Hd." and the like. */
  plain: boolean;
}

function sortLines(lines: string[]): { people: PersonLine[]; companies: string[] } {
  const people: PersonLine[] = [];
  const companies: string[] = [];
  for (const line of lines) {
    const folded = fold(line);
    if (careOf.test(`${folded} `)) continue;
    const addressed = formsOfAddress.test(folded) || attention.test(`${folded} `);
    const words = folded
      .replace(/\be v\b/g, 'ev')
      .replace(/\be k\b/g, 'ek')
      .split(' ');
    const legal = words.some((word) => legalForms.has(word));
    if (!addressed && (legal || words.some((word) => companyWord.test(word)))) {
      companies.push(companyName(words));
      continue;
    }
    const names = readNames(line);
    if (names.length > 0) people.push({ names, plain: !addressed });
  }
  return { people, companies };
}

function personKeys(people: PersonLine[]): Pick<NameKeys, 'kept' | 'exact' | 'wide'> {
  const kept: string[] = [];
  const exact: string[] = [];
  const wide: string[] = [];
  for (const [index, { names }] of people.entries()) {
    // A name is in the first line, or in the second line below a company. Two second lines are two people of a company.
    const own = index === 0 ? '0' : '1';
    const others = index === 0 ? ['0', '1'] : ['0'];
    for (const { given, family } of names) {
      const starts = startsOf(given);
      kept.push(`F${own}|${family}|${given}`, ...starts.map((start) => `S${own}|${family}|${start}`));
      for (const other of others) {
        if (given.endsWith('$')) exact.push(`F${other}|${family}|${given}`);
        wide.push(`S${other}|${family}|${given}`, ...starts.map((start) => `F${other}|${family}|${start}`));
      }
    }
  }
  return { kept, exact, wide };
}

/** All shortened forms of the first name, from none at all. */
function startsOf(given: string): string[] {
  const letters = given.replace('$', '');
  const starts = Array.from({ length: Math.min(maxInitials, letters.length) + 1 }, (_, length) =>
    letters.slice(0, length),
  );
  return given.endsWith('$') ? [...starts, given] : starts;
}

function companyKey(name: string): string {
  return `C|${name}`;
}

function companyName(words: string[]): string {
  return squash(words.filter((word) => !legalForms.has(word) && word !== 'co' && word !== 'firma').join(''));
}

function unique(keys: string[]): string[] {
  return [...new Set(keys)];
}

const formsOfAddress = /^(?:an )?(?:frau|fr|herrn?|hrn?|familie|fam|eheleute|mrs?|ms|mme)\b/;
const legalForms = new Set(
  'gmbh mbh ag kg kgaa ohg ug gbr ev eg ek ekfr se ltd limited inc llc plc sarl sa srl bv nv cie partg partgmbb'.split(
    ' ',
  ),
);
const companyWord =
  /(?:schreinerei|tischlerei|baeckerei|metzgerei|gaertnerei|druckerei|brauerei|apotheke|autohaus|praxis|kanzlei|buero|werkstatt|hotel|gasthof|restaurant|verlag|sparkasse|universitaet|hochschule|institut|agentur|zentrum|technik|service|systeme|consulting|holding|gruppe|group|abteilung|einkauf|vertrieb|geschaeftsfuehrung|werke|industrie|stiftung|verein|verband|soehne)$/;
const careOf = /^(?:c ?o|p ?a|bei) /;
const attention = /^(?:z ?hd|z ?h|zu haenden|attn?|attention|abt) ?(?:von |v |d )?/;
