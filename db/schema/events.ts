import type { Basis, Channel, EvidenceGrade } from './vocabulary.ts';

/** One immutable fact. A trigger refuses UPDATE and DELETE. Holds no personal value. */
export interface EventTable {
  id: string;
  kind: EventKind;
  occurred_at: string;
  recorded_at: string;
  permission_id: string;
  /** Counts the events of one permission from 1. Unique, so that no two acts can build on the same state. */
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
   * With `used`: when the permission had ended already, by lying unused. Such a use prolongs nothing. A moment after
   * the use is that of a newer one, told before, which counts because of this one.
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

/** Each contact that was made, for promised frequencies and § 7a UWG. One `used` event each. */
export interface UseTable {
  event_id: string;
  permission_id: string;
  used_at: string;
  campaign: string | null;
}

/** Events that have no place in the change feed yet. A trigger on `events` fills it. */
export interface LedgerQueueTable {
  event_id: string;
}

/** The order in which the change feed tells events: by when they could first be seen, without gaps. */
export interface LedgerPositionTable {
  position: number;
  event_id: string;
}
