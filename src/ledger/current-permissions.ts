import type { Reader, Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';

/**
 * The permissions of these contact points, locked until the transaction ends. A use case that depends on their states reads
 * them here before it decides what to write, and hands them to `appendTo`.
 */
export async function lockedPermissions(tx: Tx, points: string[]): Promise<PermissionTable[]> {
  const contactPointIds = [...new Set(points)].sort();
  // One transaction at a time for an address: two folds on the same state would lose one of them.
  await lockRows(tx, 'contact_points', contactPointIds);
  return readPermissions(tx, contactPointIds);
}

/** The permissions of these contact points as they are now. */
export async function readPermissions(reader: Reader, points: string[]): Promise<PermissionTable[]> {
  const rows: PermissionTable[] = [];
  for (const id of new Set(points)) rows.push(...(await permissionsOf(reader, id)));
  return rows;
}

const permissionsOf = preparedByKey((db, isAsked) =>
  db
    .selectFrom('permissions')
    .selectAll()
    .select('contact_point_id as asked')
    .where(isAsked('contact_point_id')),
);

/**
 * The granted and pending permissions of a person, with the keys of their purposes, in the order of the preference centre
 * for each channel. Purposes that are retired, or not offered on the channel any more, are left out.
 */
export async function activePermissions(reader: Reader, personId: string) {
  return activeOf(reader, personId);
}

const activeOf = preparedByKey((db, isAsked) =>
  db
    .selectFrom('contact_points')
    .innerJoin('permissions', 'permissions.contact_point_id', 'contact_points.id')
    .innerJoin('purposes', 'purposes.id', 'permissions.purpose_id')
    .innerJoin('purpose_channels', (join) =>
      join
        .onRef('purpose_channels.purpose_id', '=', 'permissions.purpose_id')
        .onRef('purpose_channels.channel', '=', 'permissions.channel'),
    )
    .selectAll('permissions')
    .select(['contact_points.person_id as asked', 'purposes.key as purpose'])
    .where(isAsked('contact_points.person_id'))
    .where('contact_points.erased_at', 'is', null)
    .where('permissions.state', 'in', ['granted', 'pending'])
    .where('purposes.retired_at', 'is', null)
    .orderBy('purposes.position'),
);
