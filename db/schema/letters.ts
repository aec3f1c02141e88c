import type { Locale } from './vocabulary.ts';

/** What is told on paper, to whoever has no mailbox: the print queue, and once printed the copy of what was sent. */
export interface LetterTable {
  id: string;
  person_id: string;
  /** On whose paper. A change at two companies is two letters. */
  controller_id: string;
  locale: Locale;
  /** What changed, JSON. While a letter waits, what changes next is told by the same letter. */
  changes_enc: string;
  /** A LetterContent as JSON, written when it is printed: printed again it says the same. */
  content_enc: string | null;
  /** `unaddressed`: nobody knows where to send it; an address that comes later makes it `waiting`. */
  state: 'waiting' | 'unaddressed' | 'printed' | 'sent' | 'cancelled';
  /** What was printed in one go. */
  run_id: string | null;
  printed_at: string | null;
  printed_by: string | null;
  sent_at: string | null;
  sent_by: string | null;
  cancelled_at: string | null;
  cancelled_because: 'told_by_mail' | 'misprinted' | 'not_needed' | 'erased' | null;
  created_at: string;
}
