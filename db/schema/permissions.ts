import type { Basis, Channel, EvidenceGrade, PermissionState } from './vocabulary.ts';

/** What is allowed now. Written by `ledger/append.ts` only; folding the events again gives the same rows. */
export interface PermissionTable {
  id: string;
  contact_point_id: string;
  purpose_id: string;
  channel: Channel;
  state: PermissionState;
  /** The state without the open request: what `pending` falls back to. */
  settled_state: Exclude<PermissionState, 'pending'>;
  pending_signup_id: string | null;
  basis: Basis | null;
  text_version_id: string | null;
  evidence_grade: EvidenceGrade | null;
  /** 1: the owner of the address acted through this channel. */
  channel_verified: number;
  granted_at: string | null;
  /** Since when it has this state. */
  since: string;
  /** The last use that was made in time. */
  last_used_at: string | null;
  valid_until: string | null;
  /** The newest event folded into this row, and how many there are. */
  last_event_id: string;
  event_count: number;
  created_at: string;
}

/** How many permissions were last settled under which version, by settled state. Triggers keep it true. */
export interface PermissionCountTable {
  text_version_id: string;
  state: string;
  count: number;
}

/** Changes that a job has not added to `permission_counts` yet, so that no two grants wait for one row. */
export interface PermissionCountChangeTable {
  text_version_id: string;
  state: string;
  change: number;
}
