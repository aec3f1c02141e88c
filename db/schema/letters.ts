import type { Locale } from './vocabulary.ts';

/** Letters to people without a mailbox: the print queue, and once printed the copy of what was sent. */
export interface LetterTable {
  id: string;
  person_id: string;
  /** On whose paper. A change at two companies is two letters. */
  controller_id: string;
  locale: Locale;
  /** What changed, JSON. While a letter waits, later changes are added to it. */
  changes_enc: string;
  /** A LetterContent as JSON, written when it is printed, so that a second print says the same. */
  content_enc: string | null;
  /** SHA-256 of that JSON with its salt, hex. Null in copies older than this column. */
  commitment: string | null;
  /** `unaddressed`: no address is known; an address that comes later makes it `waiting`. */
  state: 'waiting' | 'unaddressed' | 'printed' | 'sent' | 'cancelled';
  /** The print run it belongs to. */
  run_id: string | null;
  printed_at: string | null;
  printed_by: string | null;
  sent_at: string | null;
  sent_by: string | null;
  cancelled_at: string | null;
  cancelled_because: 'told_by_mail' | 'misprinted' | 'not_needed' | 'erased' | null;
  created_at: string;
}
