import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { EventTable } from '#db/schema/events.ts';
import { fold, type PermissionFacts } from '#src/ledger/fold.ts';

/** A permission as it was at a moment in the past. */
export type PastPermission = PermissionFacts & { id: string; contact_point_id: string; purpose_id: string };

/** Folds the ledger of these contact points up to a moment, whatever happened since. */
export async function permissionsAt(
  db: Db,
  contactPointIds: string[],
  at: string,
): Promise<PastPermission[]> {
  if (contactPointIds.length === 0) return [];
  const events = await db
    .selectFrom('events')
    .selectAll()
    .where(isOneOf(db, 'contact_point_id', contactPointIds))
    .where('occurred_at', '<=', at)
    .orderBy('permission_id')
    .orderBy('number')
    .execute();
  const permissions = new Map<string, PastPermission>();
  for (const event of events)
    permissions.set(event.permission_id, next(permissions, asOf(events, event, at)));
  return [...permissions.values()];
}

/** A use in the ledger may be joined to newer ones. As of a moment it is joined only to those made by then. */
function asOf(events: EventTable[], event: EventTable, at: string): EventTable {
  const { kind, permission_id, occurred_at, valid_until } = event;
  if (kind !== 'used' || valid_until === null || valid_until <= at || occurred_at >= valid_until)
    return event;
  const joined = events.flatMap((one) =>
    one.kind === 'used' && one.permission_id === permission_id && one.occurred_at > occurred_at
      ? one.occurred_at
      : [],
  );
  return { ...event, valid_until: joined.sort().at(-1) ?? null };
}

function next(permissions: Map<string, PastPermission>, event: EventTable): PastPermission {
  return {
    id: event.permission_id,
    contact_point_id: event.contact_point_id,
    purpose_id: event.purpose_id,
    ...fold(permissions.get(event.permission_id), event),
  };
}
