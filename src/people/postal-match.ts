/**
 * What two spellings of one postal address have in common, where a person says no (law.md 6.6): a yes matches
 * exactly, a no matches widely. The door is compared as one text. The names behind it are compared by sets of short
 * texts, so that a no can be kept as keyed hashes only and still meet a first name that is missing or shortened.
 */

/** An address as it was written, cut into its parts. Lines of names have no order that can be relied on. */
export interface LooseAddress {
  names: string[];
  street: string;
  place: string;
  /** As written, if it was. */
  country: string | undefined;
}

/** One way to read an address. */
export interface PostalMatch {
  /** Country, postal code, street and house number, folded. */
  door: string;
  /** Worked out only where a no is known behind this door: most addresses are asked for nothing but that. */
  names: () => NameMatch;
}

interface NameMatch {
  /** What a no keeps. */
  kept: string[];
  /** A contact whose probes meet what is kept is the person who said no: beyond doubt, or in all likelihood. */
  exact: string[];
  wide: string[];
  /** Family and company names: who shares one with a no is shown to a person, and not blocked. */
  near: string[];
}

const postalCode = /^(?:[a-z]{1,3}\s?-\s?)?\d{4,5}\s+\p{L}/iu;
const codeAlone = /^(?:[a-z]{1,3}\s?-\s?)?\d{4,5}$/i;
const streetThenPlace = /^(\S.*?)\s+((?:[a-z]{1,3}\s?-\s?)?\d{4,5}\s+\p{L}.*)$/iu;
const numberAlone = /^\d{1,3}\s*[a-z]?$/i;
const floor =
  /^(?:\d+\s*\.?\s*)?(?:og|ug|eg|dg|hh|vh|stock|etage|whg|wohnung|app|apt|apartment|zimmer|aufgang|top|stiege|hinterhaus|vorderhaus|links|rechts|mitte)\b.*$/i;

/** Cuts an address wherever it may be cut: at line ends, commas and semicolons, and before a postal code. */
export function readLoosely(typed: string): LooseAddress | undefined {
  const lines = joinPieces(
    typed
      .normalize('NFKC')
      .replace(/\p{Cf}/gu, '')
      .split(/[\r\n\u2028\u2029,;|]+/)
      .map((line) => line.replace(/\s+/gu, ' ').trim())
      .filter((line) => line !== ''),
  );
  const at = lines.findLastIndex((line) => postalCode.test(line));
  if (at < 1) return undefined;
  let street = at - 1;
  while (street > 0 && (floor.test(lines[street] ?? '') || !/\d/.test(lines[street] ?? ''))) street -= 1;
  if (!/\d/.test(lines[street] ?? '')) street = at - 1;
  return {
    names: lines.slice(0, street),
    street: lines[street] ?? '',
    place: lines[at] ?? '',
    country: lines[at + 1],
  };
}

/** `12345, Musterstadt` and `Musterplatz, 1` are one piece each, `Musterplatz 1 12345 Musterstadt` is two. */
function joinPieces(pieces: string[]): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const before = lines.at(-1) ?? '';
    if ((codeAlone.test(before) && /^\p{L}/u.test(piece)) || (numberAlone.test(piece) && before)) {
      lines[lines.length - 1] = `${before} ${piece}`;
      continue;
    }
    const [, street, place] = postalCode.test(piece) ? [] : (streetThenPlace.exec(piece) ?? []);
    lines.push(...(street && place ? [street, place] : [piece]));
  }
  return lines;
}

/** How this address is compared. `country` is where it lies. */
export function postalMatches({ names, street, place }: LooseAddress, country: string): PostalMatch[] {
  const code = /\d{4,5}/.exec(place)?.[0] ?? fold(place).replaceAll(' ', '');
  const matchOf = (lines: string[], road: string): PostalMatch => ({
    door: `${country.toLowerCase()}|${code}|${foldRoad(road)}`,
    names: () => namesOf(lines),
  });
  if (names.length > 0) return [matchOf(names, street)];
  // Written in one go, names and street together: whatever may be the name is tried.
  const words = street.split(' ');
  const cuts = words.slice(1, mostWords).map((_, index) => index + 1);
  return [
    matchOf([], street),
    ...cuts
      .filter((cut) => /\p{L}{2}/u.test(words.slice(cut).join(' ')))
      .map((cut) => matchOf([words.slice(0, cut).join(' ')], words.slice(cut).join(' '))),
  ];
}

const mostWords = 7;

const spelledOut: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };

function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFC')
    .replace(/[äöüß]/g, (letter) => spelledOut[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Without blanks, and with umlauts as they are often mistyped: `Müller`, `Mueller` and `Muller` meet. */
function squash(folded: string): string {
  return folded
    .replaceAll(' ', '')
    .replace(/([aou])e/g, '$1')
    .replaceAll('ss', 's');
}

const roadWords = new Map(
  Object.entries({
    strasse: 'str',
    platz: 'pl',
    allee: 'al',
    weg: 'wg',
    sankt: 'st',
    doktor: 'dr',
    professor: 'prof',
    am: 'a',
    an: 'a',
    im: 'i',
    in: 'i',
    von: 'v',
    vom: 'v',
    unter: 'u',
    der: 'd',
    des: 'd',
    dem: 'd',
    den: 'd',
  }),
);

const roadEnds: [RegExp, string][] = [
  [/(?:strase|str)$/, 'str'],
  [/(?:platz|plaz|plz|pl)$/, 'pl'],
  [/(?:alle+|all|al)$/, 'al'],
  [/(?:weg|wg|w)$/, 'wg'],
  [/(?:gase|gas)$/, 'gs'],
  [/(?:promenade|prom)$/, 'prom'],
  [/(?:chause+|ch)$/, 'ch'],
];

/** Street and house number without its letter: `Graf-Muster-Pl. 1 a` is `grafmusterpl 1`. */
function foldRoad(street: string): string {
  const bare = fold(street).replace(
    /(?<=\d ?[a-z]?) (?:\d+ ?)?(?:og|ug|eg|dg|hh|vh|stock|etage|whg|wohnung|app|apt|apartment|zimmer|aufgang|top|stiege|hinterhaus|vorderhaus|links|rechts|mitte)\b.*$/,
    '',
  );
  const [, name = bare, number = ''] =
    /^(.*?\D) ?0*(\d+) ?[a-z]?(?: (?:bis )?\d+ ?[a-z]?)*$/.exec(bare) ?? [];
  const words = name
    .trim()
    .split(' ')
    .map((word) => roadWords.get(word) ?? word);
  const road = squash(words.join(''));
  const [end, short] = roadEnds.find(([ending]) => ending.test(road)) ?? [];
  return `${end ? road.replace(end, short ?? '') : road} ${number}`;
}

const titles = new Set(
  (
    'frau fr herr herrn hr hrn familie fam eheleute dr drs prof professor dipl ing med phil jur rer nat mag bsc msc ' +
    'mba llm dring drmed hc ehren firma fa an mr mrs ms mme mlle miss sir madame monsieur'
  ).split(' '),
);
const formsOfAddress = /^(?:an )?(?:frau|fr|herrn?|hrn?|familie|fam|eheleute|mrs?|ms|mme)\b/;
const particles = new Set('von v zu vom zum zur van de der den del di da la le ten ter'.split(' '));
const legalForms = new Set(
  'gmbh mbh ag kg kgaa ohg ug gbr ev eg ek ekfr se ltd limited inc llc plc sarl sa srl bv nv cie partg partgmbb'.split(
    ' ',
  ),
);
const companyWord =
  /(?:schreinerei|tischlerei|baeckerei|metzgerei|gaertnerei|druckerei|brauerei|apotheke|autohaus|praxis|kanzlei|buero|werkstatt|hotel|gasthof|restaurant|verlag|sparkasse|universitaet|hochschule|institut|agentur|zentrum|technik|service|systeme|consulting|holding|gruppe|group|abteilung|einkauf|vertrieb|geschaeftsfuehrung|werke|industrie|stiftung|verein|verband|soehne)$/;
const careOf = /^(?:c ?o|p ?a|bei) /;
const attention = /^(?:z ?hd|z ?h|zu haenden|attn?|attention|abt) ?(?:von |v |d )?/;

interface Name {
  /** Letters of the first name with a `$` behind a whole one; empty where none was given. */
  given: string;
  family: string;
}

function namesOf(lines: string[]): NameMatch {
  const people: { names: Name[]; plain: boolean }[] = [];
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
  const kept: string[] = [];
  const exact: string[] = [];
  const wide: string[] = [];
  for (const [index, { names }] of people.entries()) {
    // Names stand in the first or in the second line, a company in the other. Two second lines are both a company's.
    const own = index === 0 ? '0' : '1';
    const others = index === 0 ? ['0', '1'] : ['0'];
    for (const { given, family } of names) {
      kept.push(
        `F${own}|${family}|${given}`,
        ...startsOf(given).map((start) => `S${own}|${family}|${start}`),
      );
      for (const other of others) {
        if (given.endsWith('$')) exact.push(`F${other}|${family}|${given}`);
        wide.push(
          `S${other}|${family}|${given}`,
          ...startsOf(given).map((start) => `F${other}|${family}|${start}`),
        );
      }
    }
  }
  const [first] = people;
  if (people.length === 0) kept.push(...companies.map((company) => `C|${company}`));
  // It may be the name of a company that does not say so.
  else if (people.length === 1 && companies.length === 0 && first?.plain)
    kept.push(`C|${squash(fold(lines[0] ?? ''))}`);
  const companyProbes = [...companies, ...lines.map((line) => squash(fold(line)))].map(
    (company) => `C|${company}`,
  );
  (people.length === 0 ? exact : wide).push(...companyProbes);
  const near = [...people.flatMap(({ names }) => names.map(({ family }) => family)), ...companies];
  return {
    kept: [...new Set(kept)],
    exact: [...new Set(exact)],
    wide: [...new Set(wide)],
    near: [...new Set(near)],
  };
}

function companyName(words: string[]): string {
  return squash(words.filter((word) => !legalForms.has(word) && word !== 'co' && word !== 'firma').join(''));
}

/** Everybody in a line, each in every way that its words may be first and family names. */
function readNames(line: string): Name[] {
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
  // The family name may stand first.
  if (letters.length > 1) names.push({ given: givenOf(last), family: letters.slice(0, -1).join('') });
  return names;
}

const shortest = 4;

function givenOf({ letters, short }: Word): string {
  return short || letters.length === 1 ? letters.slice(0, shortest) : `${letters}$`;
}

/** What a shortened form of this first name can be, none at all included. */
function startsOf(given: string): string[] {
  const letters = given.replace('$', '');
  const starts = Array.from({ length: Math.min(shortest, letters.length) + 1 }, (_, length) =>
    letters.slice(0, length),
  );
  return given.endsWith('$') ? [...starts, given] : starts;
}
