import { countryCode } from './country-code.ts';
import { fold } from './fold-text.ts';
import { hasNonCharacters, trimSpaces, unreadableFault } from './hidden-characters.ts';
import type { ContactPointFault, NormalisedContactPoint, PostalAddress } from './normalised-contact-point.ts';
import { type PostalMatch, postalMatches } from './postal-match.ts';
import { readLoosely } from './read-loose-address.ts';

/**
 * Accepts form fields, or a written address in lines or with commas: names, street, postal code and city, country.
 * The look-up value is `country|postal code and city|street|names`, folded so that common spellings are equal.
 */
export function normalisePostalAddress(
  typed: string | PostalAddress,
  defaultCountry: string,
): NormalisedContactPoint {
  const parts =
    typeof typed === 'string' ? readLines(typed, defaultCountry) : readFields(typed, defaultCountry);
  if ('code' in parts) return { ok: false, code: parts.code };
  const { names, street, place, country } = parts;
  const folded = [country.toLowerCase(), fold(place), foldStreet(street), ...names.map(fold).sort()];
  if (folded.slice(0, 3).includes('')) return { ok: false, code: 'invalid' };
  const lines = [...names, street, place, ...(country === defaultCountry ? [] : [country])];
  return {
    ok: true,
    value: folded.filter((part) => part !== '').join('|'),
    sendable: [...names, street, place, country].join('\n'),
    display: lines.join('\n'),
    country,
  };
}

/** The match keys of an address for objections, one per possible reading; empty if it is no postal address. */
export function readPostalMatches(typed: string, defaultCountry: string): PostalMatch[] {
  const loose = typed.length > 5 * maxFieldLength ? undefined : readLoosely(typed);
  if (!loose) return [];
  return postalMatches(loose, countryCode(loose.country ?? '') ?? defaultCountry);
}

/** `10••• Berlin` */
export function maskPostalAddress(address: string): string {
  const parts = readLines(address, 'DE');
  if ('code' in parts) return '••';
  return parts.place.replace(/^(\S{2})\S*(?: \S*\d\S*)*/u, '$1•••');
}

type Parts = { names: string[]; street: string; place: string; country: string };
type Fault = { code: ContactPointFault };

const maxFieldLength = 200;
/** A line can hold two fields: given and family name, or postal code and city. */
const maxLineLength = 2 * maxFieldLength + 1;

function readFields(address: PostalAddress, defaultCountry: string): Parts | Fault {
  const field = (value: unknown) => (typeof value === 'string' ? trimSpaces(value.normalize('NFC')) : '');
  const name = field(address.name) || `${field(address.given_name)} ${field(address.family_name)}`;
  const street = field(address.street);
  const postalCode = field(address.postal_code);
  const city = field(address.city);
  if (!street || !postalCode || !city) return { code: 'missing' };
  const { name: _, ...single } = address;
  if (Object.values(single).some((value) => [...field(value)].length > maxFieldLength))
    return { code: 'too_long' };
  const country = countryCode(field(address.country) || defaultCountry);
  return check({
    names: [trimSpaces(name), field(address.company)].filter((part) => part !== ''),
    street,
    place: `${postalCode} ${city}`,
    country: country ?? '',
  });
}

function readLines(typed: string, defaultCountry: string): Parts | Fault {
  if (typed.length > 5 * maxFieldLength) return { code: 'too_long' };
  const separator = separatorIn(typed);
  const lines = typed
    .normalize('NFC')
    .split(separator)
    .map(trimSpaces)
    .filter((line) => line !== '');
  if (lines.length === 0) return { code: 'missing' };
  if (separator === '|') {
    const [country = '', place = '', street = '', ...names] = lines;
    return check({ names, street, place, country: countryCode(country) ?? '' });
  }
  return readWritten(typed, lines, countryCode(defaultCountry) ?? '');
}

function separatorIn(typed: string): RegExp | '|' {
  if (typed.includes('|')) return '|';
  return /[\r\n]/.test(typed) ? /\r?\n/ : /[,;]/;
}

/** As people write it: the street, the place, and perhaps the country come last. */
function readWritten(typed: string, lines: string[], home: string): Parts | Fault {
  const written = lines.length > 2 ? countryCode(lines.at(-1) ?? '') : undefined;
  if (written) lines.pop();
  const place = lines.pop() ?? '';
  const street = lines.pop() ?? '';
  const strict = check({ names: lines, street, place, country: written ?? home });
  return 'code' in strict && strict.code === 'invalid' ? (readMixed(typed, home) ?? strict) : strict;
}

/** Handles lines joined by commas, and street and place in one line. */
function readMixed(typed: string, home: string): Parts | undefined {
  const loose = readLoosely(typed);
  if (!loose) return undefined;
  const { names, street, place, country } = loose;
  const parts = check({ names, street, place, country: countryCode(country ?? '') ?? home });
  return 'code' in parts ? undefined : parts;
}

function check(parts: Parts): Parts | Fault {
  const place = parts.place.replace(/^(?:d|a|ch)-(?=\d)/i, '');
  const texts = [...parts.names, parts.street, place];
  const unreadable = texts.map(unreadableFault).find((code) => code !== undefined);
  if (unreadable) return { code: unreadable };
  if (texts.some((text) => [...text].length > maxLineLength)) return { code: 'too_long' };
  // `|` separates the parts of the look-up value.
  if (texts.some((text) => hasNonCharacters(text) || text.includes('|'))) return { code: 'invalid' };
  if (!parts.country || !parts.street || !hasPostalCode(place, parts.country)) return { code: 'invalid' };
  return { ...parts, place };
}

const digitsOfPostalCode: Record<string, number> = { DE: 5, AT: 4, CH: 4, LI: 4 };

function hasPostalCode(place: string, country: string): boolean {
  const digits = digitsOfPostalCode[country];
  return digits ? new RegExp(`^\\d{${digits}}\\s+\\S`).test(place) : /^\S*\d\S*\s+\S/.test(place);
}

/** `Haupt-Straße 1 A`, `Hauptstrasse 1a` and `Hauptstr. 1a` become equal. */
function foldStreet(street: string): string {
  return fold(street)
    .replace(/ ?str(?:asse)?(?= |\d|$)/g, 'str')
    .replace(/(\d) ([a-z])(?= |$)/g, '$1$2');
}
