import { type Keys, macText } from '#src/secrets/keys.ts';
import { normaliseContactPoint } from './normalise-contact-point.ts';
import { readPostalMatches } from './postal-address.ts';

/**
 * Match keys that make an objection cover addresses that very likely belong to the same person (law.md 6.6): other
 * spellings of a postal address, and other sub-addresses of a mailbox. All values are keyed hashes.
 */
export interface WideMatch {
  /** Hash of the household (country, postal code, street, house number). */
  place: string;
  names: () => WideNames;
}

/** See `NameMatch`. */
interface WideNames {
  kept: string[];
  exact: string[];
  wide: string[];
  near: string[];
}

/** Equal for all postal addresses of the same household; `undefined` if the text has no street address. */
export function doorHash(keys: Keys, typed: string): string | undefined {
  const [match] = readPostalMatches(typed, 'DE');
  return match && macText(keys.lookup, 'base64url', 'door', match.door);
}

/** One entry for each way to read the postal address. `country` applies if the address names none. */
export function wideMatches(keys: Keys, typed: string, country = 'DE'): WideMatch[] {
  return readPostalMatches(typed, country).map(({ door, names }) => ({
    place: macText(keys.lookup, 'base64url', 'door', door),
    names: () => {
      const { kept, exact, wide, near } = names();
      const hashed = (texts: string[]) =>
        texts.map((text) => macText(keys.lookup, 'base64url', 'name', door, text).slice(0, shortHash));
      return { kept: hashed(kept), exact: hashed(exact), wide: hashed(wide), near: hashed(near) };
    },
  }));
}

/** Characters of the hash that are stored. Short, because names are compared within one household only. */
const shortHash = 16;

/** The address without its sub-address; `undefined` if it has none. */
export function mailboxOf(typed: string): string | undefined {
  if (!typed.includes('+')) return undefined;
  const point = normaliseContactPoint('email', typed);
  if (!point.ok) return undefined;
  const { value } = point;
  const [at, plus] = [value.lastIndexOf('@'), value.indexOf('+')];
  return plus < 1 || plus > at || value.startsWith('"') ? undefined : value.slice(0, plus) + value.slice(at);
}
