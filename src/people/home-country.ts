import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Channel } from '#db/schema.ts';
import { countryCode } from './postal-address.ts';

/**
 * The country of a person in two letters: what they gave, else where their letters go, else where their telephone
 * is. A mailbox tells nothing. Of several the first counts.
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
