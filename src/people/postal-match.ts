import { fold } from './fold-text.ts';
import { type NameKeys, nameKeys } from './name-keys.ts';
import type { LooseAddress } from './read-loose-address.ts';
import { streetKey } from './street-key.ts';

/**
 * What two spellings of one postal address have in common (law.md 6.6): a consent matches exactly, an objection matches
 * widely. The household is compared as one text. The names are compared as sets of short texts, so that an objection can
 * be stored as keyed hashes and still cover a first name that is missing or shortened.
 */
export interface PostalMatch {
  /** Country, postal code, street and house number, folded. */
  door: string;
  /** Computed on demand: for most addresses no objection is stored for the household, so names are never needed. */
  names: () => NameKeys;
}

/** One entry for each way to read the address. */
export function postalMatches({ names, street, place }: LooseAddress, country: string): PostalMatch[] {
  const code = /\d{4,5}/.exec(place)?.[0] ?? fold(place).replaceAll(' ', '');
  const matchOf = (lines: string[], road: string): PostalMatch => ({
    door: `${country.toLowerCase()}|${code}|${streetKey(road)}`,
    names: () => nameKeys(lines),
  });
  if (names.length > 0) return [matchOf(names, street)];
  // Names and street are in one line: try every split.
  const words = street.split(' ');
  const cuts = words.slice(1, maxWords).map((_, index) => index + 1);
  return [
    matchOf([], street),
    ...cuts
      .filter((cut) => /\p{L}{2}/u.test(words.slice(cut).join(' ')))
      .map((cut) => matchOf([words.slice(0, cut).join(' ')], words.slice(cut).join(' '))),
  ];
}

const maxWords = 7;
