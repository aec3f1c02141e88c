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
      /** Equal for all spellings of one address. For look-ups, not for sending. */
      value: string;
      /** The address to send to. Normalising it again gives the same value. */
      sendable: string;
      /** For people to read. */
      display: string;
      /** Of a number or a letter box: ISO 3166, two letters. */
      country?: string;
    }
  | { ok: false; code: ContactPointFault };

/** The name is part of a postal address, because people at the same house number do not share permissions. */
export interface PostalAddress {
  name?: string;
  given_name?: string;
  family_name?: string;
  company?: string;
  street?: string;
  postal_code?: string;
  city?: string;
  country?: string;
}
