import type { Basis } from './vocabulary.ts';

/** The proof of an event: an EvidenceContent as JSON, with its salt. Kept after the signup, unreadable without the person's key. */
export interface EvidenceTable {
  id: string;
  person_id: string;
  kind:
    | 'request'
    | 'confirmation'
    | 'rejection'
    | 'rejection_undone'
    | 'preference_change'
    | 'withdrawal'
    | 'expiry'
    | 'capture'
    | 'correction'
    | 'restriction'
    | 'register_check';
  content_enc: string | null;
  commitment: string;
  created_at: string;
}

/** What decisions need to know of a capture. The rest of its evidence is encrypted with the person's key. */
export interface GroundTable {
  event_id: string;
  permission_id: string;
  basis: Basis;
  method: string | null;
  /** When the person agreed, or the fact existed. */
  occurred_at: string;
  /** A GroundRecord as JSON: about the offer and the reason, not about the person. */
  record: string;
  /** JSON lists of missing evidence (law.md 6.4, and § 7a UWG). */
  missing_evidence: string;
  missing_7a: string;
  /** As whom the person was recorded. Null in captures older than this column, until they are reviewed. */
  audience: 'consumer' | 'business' | null;
  /** The SHA-256 of the scan or recording that proves it, if it names one, and since when the file is here. */
  file_sha256: string | null;
  file_at: string | null;
  /** 0: captured before all of the above was looked at, see `weigh-old-captures.ts`. */
  weighed: number;
  /** When it turned out to be recorded wrongly: from then on it does not count. */
  corrected_at: string | null;
}

/**
 * A scan or recording. Uploaded before a capture names it, it belongs to nobody, has a key of its own and expires after some
 * days; otherwise it is encrypted with the key of its person and erased with it.
 */
export interface EvidenceFileTable {
  id: string;
  person_id: string | null;
  sha256: string;
  type: string;
  size: number;
  /** Null: the key of the person. */
  key_wrapped: string | null;
  content_enc: string;
  created_at: string;
  /** Null once it belongs to a person. */
  expires_at: string | null;
}
