/** A written address, split into its parts. The order of the name lines is not reliable. */
export interface LooseAddress {
  names: string[];
  street: string;
  place: string;
  /** As written. */
  country: string | undefined;
}

/**
 * Splits an address at line ends, commas and semicolons, and before a postal code. `undefined`: there is no line with a
 * postal code after a street.
 */
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

/** `12345, Musterstadt` and `Musterplatz, 1` are one line each, `Musterplatz 1 12345 Musterstadt` is two. */
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

const postalCode = /^(?:[a-z]{1,3}\s?-\s?)?\d{4,5}\s+\p{L}/iu;
const codeAlone = /^(?:[a-z]{1,3}\s?-\s?)?\d{4,5}$/i;
const streetThenPlace = /^(\S.*?)\s+((?:[a-z]{1,3}\s?-\s?)?\d{4,5}\s+\p{L}.*)$/iu;
const numberAlone = /^\d{1,3}\s*[a-z]?$/i;
const floor =
  /^(?:\d+\s*\.?\s*)?(?:og|ug|eg|dg|hh|vh|stock|etage|whg|wohnung|app|apt|apartment|zimmer|aufgang|top|stiege|hinterhaus|vorderhaus|links|rechts|mitte)\b.*$/i;
