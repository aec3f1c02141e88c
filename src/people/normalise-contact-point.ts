import { maskEmailAddress, normaliseEmailAddress } from './email-address.ts';
import type { ContactChannel, NormalisedContactPoint } from './normalised-contact-point.ts';
import { maskPhoneNumber, normalisePhoneNumber } from './phone-number.ts';
import { maskPostalAddress, normalisePostalAddress, type PostalAddress } from './postal-address.ts';

/**
 * Brings a typed address into the one form that stands for it. Numbers without a country code, and postal
 * addresses without a country, are taken to lie in `defaultCountry` (ISO 3166, two letters).
 */
export function normaliseContactPoint(
  channel: ContactChannel,
  typed: string | PostalAddress,
  { defaultCountry = 'DE' }: { defaultCountry?: string } = {},
): NormalisedContactPoint {
  if (channel === 'post') return normalisePostalAddress(typed, defaultCountry);
  if (typeof typed !== 'string') return { ok: false, code: 'invalid' };
  if (channel === 'email') return normaliseEmailAddress(typed);
  return normalisePhoneNumber(typed, defaultCountry, channel === 'sms');
}

/** Enough to recognise one's own address by, too little to learn another's: `an••@example.org`. */
export function maskContactPoint(channel: ContactChannel, value: string): string {
  if (channel === 'email') return maskEmailAddress(value);
  if (channel === 'post') return maskPostalAddress(value);
  return maskPhoneNumber(value);
}
