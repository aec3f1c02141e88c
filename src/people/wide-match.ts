import { type Keys, macText } from '#src/secrets/keys.ts';
import { normaliseContactPoint } from './normalise-contact-point.ts';
import { readPostalMatches } from './postal-address.ts';

/**
 * A no to one address, as it meets others that are the same person's in all likelihood (law.md 6.6): letters in other
 * spellings, and mail addresses that differ in their sub-address. Keyed hashes throughout.
 */
export interface WideMatch {
  /** Of the door. */
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

/** Of a postal address that is known: what is behind the same door has the same. */
export function doorHash(keys: Keys, typed: string): string | undefined {
  const [match] = readPostalMatches(typed, 'DE');
  return match && macText(keys.lookup, 'base64url', 'door', match.door);
}

/** A postal address in every way that it can be read. `country` is where it lies when it does not say so. */
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

/** Of 256 bits: names are compared behind one door only. */
const shortHash = 16;

/** The address without its sub-address; `undefined` where it has none. `typed` is a mail address in any spelling. */
export function mailboxOf(typed: string): string | undefined {
  if (!typed.includes('+')) return undefined;
  const point = normaliseContactPoint('email', typed);
  if (!point.ok) return undefined;
  const { value } = point;
  const [at, plus] = [value.lastIndexOf('@'), value.indexOf('+')];
  return plus < 1 || plus > at || value.startsWith('"') ? undefined : value.slice(0, plus) + value.slice(at);
}
