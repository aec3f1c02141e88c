import type { Generated } from 'kysely';
import type { EventOrigin } from './events.ts';
import type { Channel, Locale } from './vocabulary.ts';

/** A request that the person has to confirm by mail. */
export interface SignupTable {
  id: string;
  person_id: string;
  /** The mailbox that has to confirm. */
  contact_point_id: string;
  /** Null for a wish from the preference centre. */
  form_id: string | null;
  form_version_id: string | null;
  locale: Locale;
  origin: EventOrigin;
  /** Capture source, as given in the form's address. */
  source: string | null;
  state: 'open' | 'confirmed' | 'rejected' | 'cancelled' | 'expired';
  requested_at: string;
  expires_at: string;
  /** When an unconfirmed request is deleted with everything that hangs on it. */
  purge_at: string;
  answered_at: string | null;
  /** Rises with each mail; only the newest link works. */
  generation: number;
  /** SHA-256 of the confirm token of this generation. Null: no mail may go out for this request yet. */
  token_hash: string | null;
  /** The hash of the link before: its page says that a newer mail is on its way. */
  replaced_token_hash: string | null;
  /** Until when the six-digit code of the newest mail is taken. */
  code_expires_at: string | null;
  code_tries: number;
  mails_sent: number;
  last_mail_at: string | null;
  /** The person's details, JSON; become `people.details_enc` on confirmation. */
  details_enc: string | null;
  /** The allowed site whose page the form stood on, e.g. `www.muster.example`. Null: our own page. */
  entered_on: string | null;
  /** 1: made while the form was in test mode. It belongs to no known person, is in no ledger and in no figures. */
  test: number;
}

export interface SignupItemTable {
  signup_id: string;
  purpose_id: string;
  channel: Channel;
  contact_point_id: string;
  permission_id: string;
  text_version_id: string;
  position: number;
  /** When its signup was confirmed without it, because its text was stopped or invalid then. */
  dropped_at: Generated<string | null>;
}

/** A link of a signup that was deleted, or that got two newer links. */
export interface PurgedLinkTable {
  /** SHA-256 of the confirm token. */
  token_hash: string;
  /** Null for a wish from the preference centre. */
  form_id: string | null;
  locale: Locale;
  forget_at: string;
  /** Null once the signup was deleted. */
  signup_id: string | null;
}
