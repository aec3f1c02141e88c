/**
 * Rules match a tidied text, people see the original. Each character of the tidied text remembers
 * which stretch of the original it came from, so that a finding can be marked where it stands.
 */
export interface MappedText {
  text: string;
  /** For each UTF-16 unit of `text`: where its source begins and ends in the original. */
  starts: number[];
  ends: number[];
}

export interface Span {
  start: number;
  end: number;
}

/** NFC, without hidden characters and markup, look-alikes as Latin letters, single spaces. */
export function tidied(original: string): MappedText {
  let mapped = composed(asItStands(original));
  mapped = withoutHidden(mapped);
  mapped = replaced(mapped, BLOCK_TAG, () => ' ');
  mapped = replaced(mapped, TAG, () => '');
  mapped = replaced(mapped, ENTITY, decoded);
  mapped = withoutHidden(composed(mapped));
  mapped = replaced(mapped, LOOK_ALIKE, latin);
  mapped = replaced(mapped, STRAY_MARK, () => '');
  mapped = replaced(mapped, HYPHEN, () => '-');
  mapped = replaced(mapped, WHITE_SPACE, () => ' ');
  return replaced(mapped, SPACE_AT_END, () => '');
}

/** Composed only: what the checks for disguises look at. */
export function untidied(original: string): MappedText {
  return composed(asItStands(original));
}

export function withoutHidden(mapped: MappedText): MappedText {
  return replaced(mapped, HIDDEN, () => '');
}

/** Where a stretch of the tidied text stands in the original. */
export function originalSpan(mapped: MappedText, span: Span): Span {
  if (span.end <= span.start) return { start: 0, end: 0 };
  return { start: mapped.starts[span.start] ?? 0, end: mapped.ends[span.end - 1] ?? 0 };
}

export function isLookAlike(letter: string): boolean {
  return latin(letter) !== letter;
}

const HIDDEN = /\p{Cf}|\p{Default_Ignorable_Code_Point}|\u2800|(?!\p{White_Space})\p{Cc}/gu;
const WHITE_SPACE = /\p{White_Space}+/gu;
const SPACE_AT_END = /^ | $/g;
const BLOCK_TAG = /<\/?(?:br|p|div|li|ul|ol|h[1-6]|td|th|tr|table|section|hr)(?=[\s/>])[^<>]{0,400}>/giu;
const TAG = /<(?:\/?[a-z][^<>]{0,400}|!--[^<>]{0,400})>/giu;
const ENTITY = /&(?:#\d{1,6}|#x[\da-f]{1,5}|[a-z]{2,6});/giu;
const HYPHEN = /[\u2010\u2011\u2212\ufe63\uff0d]/gu;
const STRAY_MARK = /(?<=\p{L})\p{Mn}+/gu;

const NAMED_ENTITIES: Record<string, string> = {
  nbsp: ' ',
  shy: '',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  szlig: 'ß',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  ndash: '–',
  mdash: '—',
  hellip: '…',
};

// Letters that look like Latin ones, first the Cyrillic, then the Greek, then the Armenian.
const DISGUISED = 'аеорсухіјѕһԁӏԛԝАВЕКМНОРСТУХІЈЅ' + 'ογνρικατυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ' + 'օսհո';
const PLAIN = 'aeopcyxijshdlqwABEKMHOPCTYXIJS' + 'oyvpikatuABEZHIKMNOPTYX' + 'ouhn';
const latinOf = new Map(Array.from(DISGUISED, (letter, index) => [letter, PLAIN[index] ?? letter]));
const LOOK_ALIKE = new RegExp(
  `[${DISGUISED}\\uff21-\\uff3a\\uff41-\\uff5a\\ufb00-\\ufb06\\u{1d400}-\\u{1d7ff}]`,
  'gu',
);

function latin(letter: string): string {
  return latinOf.get(letter) ?? letter.normalize('NFKC');
}

function decoded(entity: string): string {
  const name = entity.slice(1, -1);
  const number = /^#x([\da-f]+)$/iu.exec(name)?.[1];
  if (number) return fromCodePoint(Number.parseInt(number, 16));
  if (name.startsWith('#')) return fromCodePoint(Number(name.slice(1)));
  return NAMED_ENTITIES[name] ?? entity;
}

function fromCodePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function asItStands(original: string): MappedText {
  const starts = Array.from({ length: original.length }, (_, index) => index);
  return { text: original, starts, ends: starts.map((index) => index + 1) };
}

function composed(mapped: MappedText): MappedText {
  if (mapped.text.normalize('NFC') === mapped.text) return mapped;
  return replaced(mapped, CLUSTER, (cluster) => cluster.normalize('NFC'));
}

// Everything that NFC may join: a letter with its marks, a Hangul syllable from its parts.
const CLUSTER = /[^\p{M}\u1160-\u11ff]?[\p{M}\u1160-\u11ff]+|[^\p{M}\u1160-\u11ff]/gsu;

function replaced(mapped: MappedText, pattern: RegExp, by: (found: string) => string): MappedText {
  if (mapped.text.search(pattern) < 0) return mapped;
  const result: MappedText = { text: '', starts: [], ends: [] };
  let copied = 0;
  for (const match of mapped.text.matchAll(pattern)) {
    copy(mapped, copied, match.index, result);
    copied = match.index + match[0].length;
    const substitute = by(match[0]);
    result.text += substitute;
    for (let unit = 0; unit < substitute.length; unit += 1) {
      result.starts.push(mapped.starts[match.index] ?? 0);
      result.ends.push(mapped.ends[copied - 1] ?? 0);
    }
  }
  copy(mapped, copied, mapped.text.length, result);
  return result;
}

function copy(from: MappedText, start: number, end: number, to: MappedText): void {
  to.text += from.text.slice(start, end);
  for (let unit = start; unit < end; unit += 1) {
    to.starts.push(from.starts[unit] ?? 0);
    to.ends.push(from.ends[unit] ?? 0);
  }
}
