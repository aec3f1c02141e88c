import type { Generated } from 'kysely';
import type { Channel } from './vocabulary.ts';

/** A block that no permission overrides. `not_me` blocks confirmation mails only. */
export interface SuppressionTable {
  id: string;
  channel: Channel;
  lookup_hash: string;
  /** Null: every purpose. */
  purpose_id: string | null;
  reason: 'objection' | 'complaint' | 'bounce' | 'not_me';
  /** Since when it stands. */
  created_at: string;
  until: string | null;
  lifted_at: string | null;
  /** The other system that reported it, if any. */
  source: Generated<string | null>;
  /** When it was recorded here, if later than when it happened. */
  recorded_at: Generated<string | null>;
  /** The refusal in another spelling that caused it. Null: the address itself was named. */
  refusal_id: string | null;
}

/**
 * A refusal of letters, to be matched with other spellings of the same address (law.md 6.6). Keyed hashes only, whether or
 * not the address is known. One refusal has a row for each way in which its address can be read.
 */
export interface RefusalTable {
  id: string;
  channel: Channel;
  /** The door: postal code, street and house number. */
  place_hash: string;
  /** Keyed hashes of the names, separated by spaces, as `people/postal-match.ts` stores them. */
  kept: string;
  /** Keyed hashes of family and company names, to find people who may be meant. */
  near: string;
  /** Null: every purpose. */
  purpose_id: string | null;
  /** Lookup hashes that it does not block, separated by spaces: they have a no of their own, or staff lifted it. */
  spared: string;
  created_at: string;
}
