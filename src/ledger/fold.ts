import type { EventTable } from '#db/schema/events.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import { isWeakerGrade } from './grades.ts';

/** What a permission is, without the columns that never change. */
export type PermissionFacts = Omit<
  PermissionTable,
  'id' | 'contact_point_id' | 'purpose_id' | 'channel' | 'created_at'
>;

/**
 * The permission after one more event. Pure: the same events always give the same permission,
 * which is what `ledger verify` relies on.
 */
export function fold(before: PermissionFacts | undefined, event: EventTable): PermissionFacts {
  const now = {
    ...(before ?? unknownPermission(event)),
    ...change(before ?? unknownPermission(event), event),
  };
  const state = now.pending_signup_id && now.settled_state !== 'granted' ? 'pending' : now.settled_state;
  return {
    ...now,
    state,
    since: before && before.state === state && !restarts(event) ? before.since : event.occurred_at,
    last_event_id: event.id,
    event_count: event.number,
  };
}

function unknownPermission(event: EventTable): PermissionFacts {
  return {
    state: 'none',
    settled_state: 'none',
    pending_signup_id: null,
    basis: null,
    text_version_id: null,
    evidence_grade: null,
    channel_verified: 0,
    granted_at: null,
    since: event.occurred_at,
    last_used_at: null,
    valid_until: null,
    last_event_id: event.id,
    event_count: 0,
  };
}

function change(before: PermissionFacts, event: EventTable): Partial<PermissionFacts> {
  const answered = pendingAfter(before, event);
  switch (event.kind) {
    case 'requested':
      // A request never weakens a current permission: it stays granted until someone withdraws it.
      return { pending_signup_id: event.signup_id };
    case 'confirmed':
    case 'granted':
    case 'renewed':
    case 'imported':
      return { ...(isWeaker(before, event) ? {} : grantedBy(event)), pending_signup_id: answered };
    case 'withdrawn':
    case 'objected':
      return { settled_state: 'withdrawn', pending_signup_id: null };
    case 'refused':
      return refusedBy(before, event);
    case 'expired':
      // With a signup the request has expired, without one the permission itself.
      return event.signup_id
        ? { pending_signup_id: answered }
        : { settled_state: 'expired', pending_signup_id: before.pending_signup_id };
    case 'cancelled':
    case 'superseded':
      return { pending_signup_id: answered };
    case 'used':
      return usedBy(before, event);
    case 'corrected':
      // With a signup the request was never made, without one the permission was never given.
      return event.signup_id ? { pending_signup_id: answered } : neverGiven;
  }
}

const neverGiven = {
  settled_state: 'none',
  basis: null,
  text_version_id: null,
  evidence_grade: null,
  channel_verified: 0,
  granted_at: null,
  valid_until: null,
} as const;

function pendingAfter(before: PermissionFacts, event: EventTable): string | null {
  return event.signup_id && before.pending_signup_id !== event.signup_id ? before.pending_signup_id : null;
}

function grantedBy(event: EventTable): Partial<PermissionFacts> {
  return {
    settled_state: 'granted',
    basis: event.basis,
    text_version_id: event.text_version_id,
    evidence_grade: gradeOf(event),
    channel_verified: event.channel_verified,
    granted_at: event.occurred_at,
    valid_until: event.valid_until,
  };
}

/** "That was not me" answers a request; it removes nothing that was granted before. */
function refusedBy(before: PermissionFacts, event: EventTable): Partial<PermissionFacts> {
  if (!event.signup_id) return { settled_state: 'refused', pending_signup_id: null };
  const settled = before.settled_state === 'none' ? 'refused' : before.settled_state;
  return { settled_state: settled, pending_signup_id: pendingAfter(before, event) };
}

/**
 * Uses may be reported late and in any order. A use after the permission ended has no effect, until an earlier use is
 * reported that closes the gap.
 */
function usedBy({ last_used_at }: PermissionFacts, event: EventTable): Partial<PermissionFacts> {
  const { occurred_at, valid_until } = event;
  if (valid_until !== null && valid_until <= occurred_at) return {};
  const used = valid_until ?? occurred_at;
  return { last_used_at: last_used_at !== null && last_used_at > used ? last_used_at : used };
}

/** A weaker proof that comes later does not replace a stronger one. */
function isWeaker(before: PermissionFacts, event: EventTable): boolean {
  return before.settled_state === 'granted' && isWeakerGrade(event.evidence_grade, before.evidence_grade);
}

/** Older imports recorded a confirmation of another system as if it had happened here. */
function gradeOf({ kind, evidence_grade }: EventTable): EventTable['evidence_grade'] {
  return kind === 'imported' && evidence_grade === 'A' ? 'claimed' : evidence_grade;
}

function restarts(event: EventTable): boolean {
  return event.kind === 'confirmed' || event.kind === 'granted' || event.kind === 'requested';
}
