import type { Channel } from '#db/schema/vocabulary.ts';
import type { FieldName } from './form-definition.ts';
import type { FormDraft } from './form-draft.ts';

/** Fields that a channel and its proof need (§ 7a UWG for calls, a name for letters). */
const fieldsNeededBy: Record<Channel, FieldName[]> = {
  email: ['email'],
  sms: ['phone'],
  phone: ['phone', 'given_name', 'family_name', 'street', 'postal_code', 'city', 'country'],
  fax: ['fax'],
  post: ['given_name', 'family_name', 'company', 'street', 'postal_code', 'city', 'country'],
};

/** Fields that a form can ask for with any channels. */
export const alwaysAllowed: FieldName[] = ['email', 'given_name', 'family_name', 'company', 'position'];

export function channelsOf(draft: Pick<FormDraft, 'consents'>): Channel[] {
  return [...new Set(draft.consents.map((value) => value.split(':')[1] as Channel))];
}

/** The channels of the form that need a field. */
export function channelsNeeding(name: FieldName, channels: Channel[]): Channel[] {
  return channels.filter((channel) => fieldsNeededBy[channel]?.includes(name));
}
