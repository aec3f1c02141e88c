import { createHash } from 'node:crypto';
import type { Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import { lockRows } from '#db/locks.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { EventTable, PermissionTable } from '#db/schema.ts';
import { newId } from '#src/ids/new-id.ts';
import { fold } from './fold.ts';

/** What happened to one permission, as an act states it. Ids, numbers and hashes are the ledger's. */
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

/** The evidence that all facts of one act share. */
export interface EvidenceRef {
  id: string;
  commitment: string;
}

/**
 * Writes events and the permissions they make, in the caller's transaction. The only place that writes either.
 *
 * Returns the permissions as they are now, in the order of the facts. `known`: those of the facts' contact points, where
 * the act knows them: it has just added the points, or it is an optimistic one that has read them.
 */
export async function append(
  tx: Tx,
  at: string,
  facts: Fact[],
  evidence?: EvidenceRef,
  { known: read }: { known?: PermissionTable[] | undefined } = {},
): Promise<PermissionTable[]> {
  if (facts.length === 0) return [];
  const points = facts.map((fact) => fact.contact_point_id);
  const known = new Map((read ?? (await lockedPermissions(tx, points))).map((one) => [keyOf(one), one]));
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
  await insertEvents(tx, events);
  await writePermissions(tx, [...known.values()], new Set(events.map((event) => event.permission_id)));
  return after.map((permission) => known.get(keyOf(permission)) ?? permission);
}

/** Over every other column, in a fixed order. A changed event no longer fits its hash. */
export function eventHash(event: Omit<EventTable, 'hash'>): string {
  const columns = hashedColumns.map((column) => event[column]);
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex');
}

const hashedColumns = [
  'id',
  'kind',
  'occurred_at',
  'recorded_at',
  'permission_id',
  'number',
  'contact_point_id',
  'purpose_id',
  'channel',
  'basis',
  'text_version_id',
  'form_version_id',
  'signup_id',
  'origin',
  'actor',
  'evidence_grade',
  'channel_verified',
  'valid_until',
  'evidence_id',
  'commitment',
] as const satisfies (keyof EventTable)[];

const insertEvents = insertRows('events');

const keyOf = (of: { contact_point_id: string; purpose_id: string }) =>
  `${of.contact_point_id} ${of.purpose_id}`;

/**
 * The permissions of these contact points, which nobody else changes until the transaction ends. An act that depends on
 * their states reads them here before it decides what to write, and hands them to `append` as `known`.
 */
export async function lockedPermissions(tx: Tx, points: string[]): Promise<PermissionTable[]> {
  const contactPointIds = [...new Set(points)].sort();
  // One act at a time for an address: two folds on the same state would lose one of them.
  await lockRows(tx, 'contact_points', contactPointIds);
  const all: PermissionTable[] = [];
  for (const id of contactPointIds) all.push(...(await permissionsOf(tx, id)));
  return all;
}

const permissionsOf = preparedByKey((db, isAsked) =>
  db
    .selectFrom('permissions')
    .selectAll()
    .select('contact_point_id as asked')
    .where(isAsked('contact_point_id')),
);

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

async function writePermissions(tx: Tx, permissions: PermissionTable[], changed: Set<string>): Promise<void> {
  await savePermissions(
    tx,
    permissions.filter((permission) => changed.has(permission.id)),
  );
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

const savePermissions = insertRows('permissions', (insert) =>
  insert.onConflict((conflict) =>
    conflict
      .column('id')
      .doUpdateSet((eb) =>
        Object.fromEntries(changingColumns.map((column) => [column, eb.ref(`excluded.${column}`)])),
      ),
  ),
);
