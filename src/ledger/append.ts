import type { Tx } from '#db/connect.ts';
import type { EventTable } from '#db/schema/events.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import { declareInsert, type WriteTarget } from '#db/writes.ts';
import { newId } from '#src/ids/new-id.ts';
import { lockedPermissions } from './current-permissions.ts';
import { eventHash, hashedColumns } from './event-hash.ts';
import { fold } from './fold.ts';

/** What happened to one permission, as a use case states it. Ids, numbers and hashes are the ledger's. */
export interface Fact
  extends Pick<
    EventTable,
    | 'kind'
    | 'contact_point_id'
    | 'purpose_id'
    | 'channel'
    | 'basis'
    | 'text_version_id'
    | 'form_version_id'
    | 'signup_id'
    | 'origin'
    | 'actor'
    | 'evidence_grade'
    | 'channel_verified'
  > {
  valid_until?: string | null;
  /** When it happened, where that differs from when it is recorded. */
  occurred_at?: string;
}

/** The evidence that all facts of one use case share. */
export interface EvidenceRef {
  id: string;
  commitment: string;
}

/**
 * Writes events and the permissions they make, in the caller's transaction: this and `appendTo` are the only ones that
 * write either. Returns the permissions as they are now, in the order of the facts.
 */
export async function append(
  tx: Tx,
  at: string,
  facts: Fact[],
  evidence?: EvidenceRef,
): Promise<PermissionTable[]> {
  const points = facts.map((fact) => fact.contact_point_id);
  return appendTo(tx, at, facts, evidence, facts.length > 0 ? await lockedPermissions(tx, points) : []);
}

/**
 * The same for a caller that has read the permissions of the facts' contact points already: under a lock, or for an act,
 * which is refused when one of them has changed since (the number of an event is unique in its permission).
 */
export async function appendTo(
  to: WriteTarget,
  at: string,
  facts: Fact[],
  evidence: EvidenceRef | undefined,
  current: PermissionTable[],
): Promise<PermissionTable[]> {
  if (facts.length === 0) return [];
  const known = new Map(current.map((one) => [keyOf(one), one]));
  const events: EventTable[] = [];
  const after: PermissionTable[] = [];
  for (const fact of facts) {
    const key = keyOf(fact);
    const before = known.get(key);
    const event = eventOf(fact, before, at, evidence);
    const permission: PermissionTable = {
      ...(before ?? {
        id: event.permission_id,
        contact_point_id: fact.contact_point_id,
        purpose_id: fact.purpose_id,
        channel: fact.channel,
        created_at: at,
      }),
      ...fold(before, event),
    };
    known.set(key, permission);
    events.push(event);
    after.push(permission);
  }
  const changed = new Set(events.map((event) => event.permission_id));
  await insertEvents(to, events);
  await savePermissions(
    to,
    [...known.values()].filter(({ id }) => changed.has(id)),
  );
  return after.map((permission) => known.get(keyOf(permission)) ?? permission);
}

export const insertEvents = declareInsert('events', [...hashedColumns, 'hash']);

const keyOf = (of: { contact_point_id: string; purpose_id: string }) =>
  `${of.contact_point_id} ${of.purpose_id}`;

function eventOf(
  fact: Fact,
  before: PermissionTable | undefined,
  at: string,
  evidence: EvidenceRef | undefined,
): EventTable {
  const event = {
    ...fact,
    id: newId(),
    occurred_at: fact.occurred_at ?? at,
    recorded_at: at,
    permission_id: before?.id ?? newId(),
    number: (before?.event_count ?? 0) + 1,
    valid_until: fact.valid_until ?? null,
    evidence_id: evidence?.id ?? null,
    commitment: evidence?.commitment ?? null,
  };
  return { ...event, hash: eventHash(event) };
}

const changingColumns = [
  'state',
  'settled_state',
  'pending_signup_id',
  'basis',
  'text_version_id',
  'evidence_grade',
  'channel_verified',
  'granted_at',
  'since',
  'last_used_at',
  'valid_until',
  'last_event_id',
  'event_count',
] as const satisfies (keyof PermissionTable)[];

/** Every column of a permission. */
export const permissionColumns = [
  'id',
  'contact_point_id',
  'purpose_id',
  'channel',
  'created_at',
  ...changingColumns,
] as const satisfies (keyof PermissionTable)[];

export const savePermissions = declareInsert('permissions', permissionColumns, (insert) =>
  insert.onConflict((conflict) =>
    conflict
      .column('id')
      .doUpdateSet((eb) =>
        Object.fromEntries(changingColumns.map((column) => [column, eb.ref(`excluded.${column}`)])),
      ),
  ),
);
