import type { Channel } from '#db/schema/vocabulary.ts';
import type { PlainKey } from '#src/i18n/translate.ts';
import type { FieldName } from './form-definition.ts';

export interface FieldLook {
  autocomplete: string;
  type?: 'email' | 'tel';
  inputmode?: 'numeric';
  size: 'short' | 'medium' | 'long';
}

export const fieldLooks: Record<FieldName, FieldLook> = {
  email: { autocomplete: 'email', type: 'email', size: 'long' },
  given_name: { autocomplete: 'given-name', size: 'medium' },
  family_name: { autocomplete: 'family-name', size: 'medium' },
  company: { autocomplete: 'organization', size: 'medium' },
  position: { autocomplete: 'organization-title', size: 'medium' },
  phone: { autocomplete: 'tel', type: 'tel', size: 'medium' },
  fax: { autocomplete: 'fax tel', type: 'tel', size: 'medium' },
  street: { autocomplete: 'street-address', size: 'long' },
  postal_code: { autocomplete: 'postal-code', size: 'short' },
  city: { autocomplete: 'address-level2', size: 'medium' },
  country: { autocomplete: 'country-name', size: 'medium' },
};

/** The fields below the boxes. The e-mail address is above them. */
export const aboutYou: FieldName[] = ['given_name', 'family_name', 'company', 'position'];
export const numbers: FieldName[] = ['phone', 'fax'];
export const postal: FieldName[] = ['street', 'postal_code', 'city', 'country'];

/** Says what a field is for, where only some of the boxes need it. */
export function hintOf(name: FieldName, channels: Channel[]): PlainKey | undefined {
  if (name === 'email') return 'field.email.hint';
  if (name === 'fax') return 'field.fax.hint';
  if (name === 'country') return 'field.country.hint';
  if (name !== 'phone') return undefined;
  if (!channels.includes('sms')) return 'field.phone.hint';
  return channels.includes('phone') ? 'field.phone.both.hint' : 'field.phone.sms.hint';
}
