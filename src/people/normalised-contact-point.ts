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
