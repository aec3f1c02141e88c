import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Channel } from '#db/schema/vocabulary.ts';
import { countryCode } from './country-code.ts';

/**
 * The person's country as two letters: as they stated it, else from the postal address, else from a phone number.
 * E-mail addresses are ignored. The first match wins.
 */
export function homeCountry(
  { country }: { country?: string },
  contactPoints: { channel: Channel; value: string }[],
): string | undefined {
  const given = country && countryCode(country.trim());
  if (given) return given;
  const values = (wanted: Channel[]) =>
    contactPoints.filter(({ channel }) => wanted.includes(channel)).map(({ value }) => value);
  const letters = values(['post']).map((value) => countryCode(value.split('\n').at(-1)?.trim() ?? ''));
  const numbers = values(['phone', 'sms', 'fax']).map((value) => parsePhoneNumberFromString(value)?.country);
  return [...letters, ...numbers].find((one) => one !== undefined);
}
