import type { Channel, Locale } from './vocabulary.ts';

/** The person behind contact points. Without the key nothing personal about them can be read any more. */
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
   * Matches a no in another spelling: the keyed hash of a front door, or of a mailbox without its sub-address.
   * `?`: not computed yet, in rows older than this column. Null: only the exact address matches.
   */
  wide_hash: string | null;
  value_enc: string | null;
  /**
   * ISO 3166, two letters: the country of a number or letter box; of a mailbox that of its owner, once they told it.
   * `?`: not computed yet, in rows older than this column.
   */
  country: string | null;
  /** Incremented to revoke every manage link given out so far. */
  link_generation: number;
  /** Where the address came from ("Herkunft" in the origin document), e.g. `form:newsletter`. */
  source: string;
  /** When its owner last acted through this address ("last check"). */
  verified_at: string | null;
  /** When its owner confirmed it, as another system says. */
  claimed_at: string | null;
  created_at: string;
  erased_at: string | null;
}
