import type { Channel, Locale } from './vocabulary.ts';

/** Whoever stands behind contact points. Without its key nothing personal about them can be read again. */
export interface PersonTable {
  id: string;
  /** The person's data key, wrapped by APP_SECRET. Null once erased. */
  key_wrapped: string | null;
  /** Name, company and the like as last confirmed, JSON. */
  details_enc: string | null;
  locale: Locale;
  created_at: string;
  erased_at: string | null;
}

/** One address on one channel. An e-mail address belongs to one person; a number may stand with several. */
export interface ContactPointTable {
  id: string;
  person_id: string;
  channel: Channel;
  /** Keyed hash of channel and normalised value. Null once erased. */
  lookup_hash: string | null;
  /**
   * By which a no in another spelling finds it: the keyed hash of a door, or of a mailbox without its sub-address.
   * `?`: not worked out yet, for rows older than this column. Null: only its very address finds it.
   */
  wide_hash: string | null;
  value_enc: string | null;
  /** Raised to revoke every manage and unsubscribe link given out so far. */
  link_generation: number;
  /** Where the address came from (origin document: "Herkunft"), e.g. `form:newsletter`. */
  source: string;
  /** When its owner last acted through this very address ("last check"). */
  verified_at: string | null;
  /** When its owner confirmed it, as another system says. */
  claimed_at: string | null;
  created_at: string;
  erased_at: string | null;
}
