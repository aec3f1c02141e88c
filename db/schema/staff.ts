import type { Locale } from './vocabulary.ts';

/** Who works at the desks. Never deleted, so that what they did keeps its name. */
export interface StaffTable {
  id: string;
  /** Normalised; what is typed at sign-in is compared with it. */
  email: string;
  name: string;
  role: 'admin' | 'legal' | 'marketing' | 'agent' | 'auditor';
  /** The person whose key encrypts the mails to them; no address leads to the contact point. */
  person_id: string;
  contact_point_id: string;
  /** Argon2id. Null until an invitation is answered. */
  password_hash: string | null;
  totp_secret_enc: string | null;
  /** Null while a second factor is only being set up. */
  totp_confirmed_at: string | null;
  /** The last time step that was used, so that a code works once. */
  totp_last_step: number;
  /** The recovery codes that count, and since when. Codes of an older set are worthless. */
  recovery_set: string | null;
  recovery_set_at: string | null;
  locale: Locale | null;
  created_at: string;
  disabled_at: string | null;
}

export interface StaffSessionTable {
  /** Names the session in the list of one's own sessions; cannot be used to sign in. */
  id: string;
  /** SHA-256 of what the cookie holds. */
  session_hash: string;
  staff_id: string;
  expires_at: string;
  created_at: string;
  /** When the password was last typed: approving asks for it again. */
  password_at: string;
  /** 1: the password was right, the second factor is still missing. */
  waits_for_code: number;
  browser: string | null;
}

/** The codes are derived from their set and number; the database does not contain them. */
export interface StaffRecoveryCodeTable {
  staff_id: string;
  set_id: string;
  number: number;
  /** SHA-256, hex. */
  code_hash: string;
  used_at: string | null;
}

/** Invitations and password resets; the token itself is only in the mail. */
export interface StaffTokenTable {
  id: string;
  staff_id: string;
  kind: 'invitation' | 'password_reset';
  token_hash: string;
  created_at: string;
  expires_at: string;
  used_at: string | null;
}

/** What staff did. A trigger refuses UPDATE and DELETE. */
export interface AuditEntryTable {
  id: string;
  at: string;
  staff_id: string | null;
  /** The name as it was then. */
  staff_name: string;
  act: string;
  subject: string;
  details: string;
}
