import type { Basis } from './vocabulary.ts';

/** What shows an event: an EvidenceContent as JSON, with its salt. Outlives the signup, dies with the person's key. */
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
  /** When the person said so, or the fact was there. */
  occurred_at: string;
  /** A GroundRecord as JSON: about the offer and the reason, not about the person. */
  record: string;
  /** JSON lists of what is not there (law.md 6.4, and § 7a UWG). */
  missing_evidence: string;
  missing_7a: string;
  /** Whom it was taken down as. Null in what was captured before that was kept, until it is weighed. */
  audience: 'consumer' | 'business' | null;
  /** The SHA-256 of the scan or recording that shows it, where it names one, and since when the file is here. */
  file_sha256: string | null;
  file_at: string | null;
  /** 0: captured before all of the above was looked at, see `weigh-old-captures.ts`. */
  weighed: number;
  /** When it turned out to be taken down wrongly: from then on it carries nothing. */
  corrected_at: string | null;
}

/**
 * A scan or recording. Handed in before anybody names it, it belongs to nobody, has a key of its own and ends after some
 * days; else it is encrypted with the key of its person and goes with it.
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
  /** Null once it is somebody's. */
  expires_at: string | null;
}
