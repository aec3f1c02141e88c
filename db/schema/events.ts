import type { Basis, Channel, EvidenceGrade } from './vocabulary.ts';

/** One immutable fact. A trigger refuses UPDATE and DELETE. Holds no personal value. */
export interface EventTable {
  id: string;
  kind: EventKind;
  occurred_at: string;
  recorded_at: string;
  permission_id: string;
  /** Counts the events of one permission from 1. Unique, so that two writes cannot build on the same state. */
  number: number;
  contact_point_id: string;
  purpose_id: string;
  channel: Channel;
  basis: Basis;
  text_version_id: string | null;
  form_version_id: string | null;
  signup_id: string | null;
  origin: EventOrigin;
  /** `person`, `system`, or the id of a staff member or key. */
  actor: string;
  evidence_grade: EvidenceGrade | null;
  channel_verified: number;
  /**
   * For `used`: when the permission had already ended for lack of use; such a use extends nothing. A time after the use
   * belongs to a later use, reported earlier, which counts because of this one.
   */
  valid_until: string | null;
  evidence_id: string | null;
  /** Salted SHA-256 of the evidence, hex; the salt lies in the evidence and dies with it. */
  commitment: string | null;
  /** SHA-256 over every other column, hex. */
  hash: string;
}

export type EventKind =
  | 'requested'
  | 'confirmed'
  | 'refused'
  | 'cancelled'
  | 'granted'
  | 'withdrawn'
  | 'objected'
  | 'renewed'
  | 'expired'
  | 'superseded'
  | 'imported'
  | 'corrected'
  | 'used';

export type EventOrigin =
  | 'web_form'
  | 'confirmation'
  | 'preference_centre'
  | 'one_click'
  | 'staff'
  | 'api'
  | 'import'
  | 'provider'
  | 'system';

/** Each contact that was made, for promised frequencies and § 7a UWG. Each has a `used` event. */
export interface UseTable {
  event_id: string;
  permission_id: string;
  used_at: string;
  campaign: string | null;
}

/** Events that have no position in the change feed yet. A trigger on `events` fills it. */
export interface LedgerQueueTable {
  event_id: string;
}

/** The order of events in the change feed: by when they became visible, without gaps. */
export interface LedgerPositionTable {
  position: number;
  event_id: string;
}
