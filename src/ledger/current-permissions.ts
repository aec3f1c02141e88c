import type { Reader, Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { PermissionTable } from '#db/schema.ts';

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
