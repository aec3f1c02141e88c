import type { Locale } from './vocabulary.ts';

/** The outbox and, once sent, the evidence of what was sent. */
export interface MailTable {
  id: string;
  kind: MailKind;
  person_id: string;
  contact_point_id: string;
  signup_id: string | null;
  /** The generation of the signup's link that this mail carries. */
  generation: number | null;
  locale: Locale;
  /** What the mail is rendered from, JSON. */
  params_enc: string;
  /** The mail as sent, less its links and code: a RenderedMail as JSON. Rendered once, at the first attempt. */
  content_enc: string | null;
  /** SHA-256 of that JSON with its salt, hex. Null in copies older than this column. */
  commitment: string | null;
  state: 'queued' | 'sending' | 'sent' | 'failed' | 'cancelled';
  due_at: string;
  attempts: number;
  /** While `sending`: from when another worker may take it over. */
  claimed_until: string | null;
  /**
   * The mails that were handed over in one request whose outcome is unknown. They are handed over together
   * again, so that the provider recognises the request and sends none of them twice.
   */
  batch_id: string | null;
  /** What the provider gave back: its id, and its last answer. */
  provider_id: string | null;
  provider_answer: string | null;
  sent_at: string | null;
  created_at: string;
  /** When it was checked whether its content has to go out as a letter, because the mail reached nobody. */
  paper_at: string | null;
}

export type MailKind =
  | 'confirm-signup'
  | 'permissions-changed'
  | 'manage-link'
  | 'staff-invitation'
  | 'staff-password-reset'
  | 'staff-key-waiting'
  | 'staff-log-unwatched';

/**
 * The mail queue waits, because the mail server or provider refuses our mails, not a recipient's. One row with the id 1 while
 * it is paused, otherwise none.
 */
export interface MailPauseTable {
  id: number;
  /** Since when. */
  paused_at: string;
  /** When a single mail is tried again. */
  until: string;
  /** How many tries in a row were refused. */
  times: number;
  /** The last answer, without addresses. */
  reason: string;
}
