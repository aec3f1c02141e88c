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
  /** Who told it, where that was another system. */
  source: Generated<string | null>;
  /** When it was written down here, where that was later than when it happened. */
  recorded_at: Generated<string | null>;
  /** The no in another spelling that led to it. Null: the address itself was named. */
  refusal_id: string | null;
}

/**
 * A no to letters as it meets other spellings of the same address (law.md 6.6): keyed hashes only, whether or not the
 * address is known. One no has a row for each way in which its address can be read.
 */
export interface RefusalTable {
  id: string;
  channel: Channel;
  /** The door: postal code, street and house number. */
  place_hash: string;
  /** Keyed hashes of the names, set apart by blanks, as `people/postal-match.ts` keeps them. */
  kept: string;
  /** Keyed hashes of family and company names, to show to a person who may be meant. */
  near: string;
  /** Null: every purpose. */
  purpose_id: string | null;
  /** Lookup hashes that it does not block, set apart by blanks: their own record says no, or a person lifted it. */
  spared: string;
  created_at: string;
}
