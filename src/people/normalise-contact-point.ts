import { maskEmailAddress, normaliseEmailAddress } from './email-address.ts';
import type { ContactChannel, NormalisedContactPoint, PostalAddress } from './normalised-contact-point.ts';
import { maskPhoneNumber, normalisePhoneNumber } from './phone-number.ts';
import { maskPostalAddress, normalisePostalAddress } from './postal-address.ts';

/**
 * Brings a typed address into its canonical form. `defaultCountry` (ISO 3166, two letters) applies to numbers without
 * a country code and to postal addresses without a country.
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

/** Recognisable for the owner, not readable for others: `an••@example.org`. */
export function maskContactPoint(channel: ContactChannel, value: string): string {
  if (channel === 'email') return maskEmailAddress(value);
  if (channel === 'post') return maskPostalAddress(value);
  return maskPhoneNumber(value);
}
