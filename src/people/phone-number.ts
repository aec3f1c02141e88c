import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { trimSpaces, unreadableFault } from './hidden-characters.ts';
import type { ContactPointFault, NormalisedContactPoint } from './normalised-contact-point.ts';

/**
 * E.164. Checks the length only, not whether the number range is in use: new ranges open faster than libraries are
 * updated.
 */
export function normalisePhoneNumber(
  typed: string,
  defaultCountry: string,
  mustTakeMessages: boolean,
): NormalisedContactPoint {
  if (typed.length > 100) return fault('too_long');
  // Address books wrap numbers in invisible direction marks.
  const text = trimSpaces(typed.replace(/\p{Cf}/gu, ''));
  if (text === '') return fault('missing');
  const unreadable = unreadableFault(text);
  if (unreadable) return fault(unreadable);
  const country = isSupportedCountry(defaultCountry) ? (defaultCountry as CountryCode) : undefined;
  // In "+49 (0)30 …" the zero in brackets is dialled only within the country.
  const number = parsePhoneNumberFromString(text.replace(/^(\+|00)([^(]*)\(0\)/, '$1$2'), {
    defaultCountry: country,
    extract: false,
  });
  if (!number?.isPossible() || number.ext || !isStable(number)) return fault('invalid');
  if (mustTakeMessages && neverMobile.has(number.getType() ?? '')) return fault('not_mobile');
  return {
    ok: true,
    value: number.number,
    sendable: number.number,
    display: number.formatInternational(),
    // Of a range that belongs to no country yet, those that share the prefix.
    country: number.country ?? number.getPossibleCountries()[0],
  };
}

export function maskPhoneNumber(typed: string): string {
  const number = parsePhoneNumberFromString(typed);
  if (!number) return '••';
  return `+${number.countryCallingCode} ••• •• ${number.nationalNumber.slice(-2)}`;
}

/** With several leading zeros, each parse may remove one more, so the stored number would change when parsed again. */
function isStable({ number }: PhoneNumber): boolean {
  return parsePhoneNumberFromString(number)?.number === number;
}

const neverMobile = new Set<string>([
  'FIXED_LINE',
  'TOLL_FREE',
  'PREMIUM_RATE',
  'SHARED_COST',
  'UAN',
  'VOICEMAIL',
]);

function fault(code: ContactPointFault): NormalisedContactPoint {
  return { ok: false, code };
}
