import { maskEmailAddress, normaliseEmailAddress } from './email-address.ts';
import { maskPhoneNumber, normalisePhoneNumber } from './phone-number.ts';
import { maskPostalAddress, normalisePostalAddress, type PostalAddress } from './postal-address.ts';

export type ContactChannel = 'email' | 'sms' | 'phone' | 'fax' | 'post';

export type ContactPointFault =
  | 'missing'
  | 'too_long'
  | 'invalid'
  | 'control_characters'
  | 'hidden_characters'
  | 'mixed_scripts'
  | 'not_mobile';

export type NormalisedContactPoint =
  | {
      ok: true;
      /** What two spellings of one address have in common. For look-ups, not for sending. */
      value: string;
      /** What a mail, a call or a letter is sent to. Normalising it again gives the same value. */
      sendable: string;
      /** What people read. */
      display: string;
    }
  | { ok: false; code: ContactPointFault };

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
