import { type InferResult, sql } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { keyTable } from '#db/key-lists.ts';

export const permissionColumns = [
  'state',
  'basis',
  'text_version_id',
  'evidence_grade',
  'channel_verified',
  'valid_until',
] as const;

/**
 * The contact points of these addresses with their permission for one purpose. Ordered by contact point, which is the
 * order of the permissions' index. `place`: of the address in the list.
 */
export function contactPointsQuery(db: Db | Tx, list: string, purposeKey: string) {
  const purposeId = sql<string>`(select id from purposes where key = ${purposeKey})`;
  return db
    .with(
      (cte) => cte('point').materialized(),
      () => pointsQuery(db, list),
    )
    .selectFrom('point')
    .leftJoin('permissions', (join) =>
      join
        .onRef('permissions.contact_point_id', '=', 'point.id')
        .on('permissions.purpose_id', '=', purposeId),
    )
    .select(['point.place', 'point.link_generation', 'point.id as point_id', 'point.country'])
    .select((eb) =>
      eb
        .case()
        .when(eb.or([eb('permissions.state', 'is', null), eb('permissions.state', '=', 'none')]))
        .then(eb.ref('point.person_id'))
        .end()
        .as('person_id'),
    )
    .select(['permissions.granted_at', 'permissions.last_used_at', 'permissions.id as permission_id'])
    .select(permissionColumns.map((column) => `permissions.${column}` as const));
}

/** The contact points of these addresses, without permissions. */
export function pointsQuery(db: Db | Tx, list: string) {
  return db
    .selectFrom(keyTable(db, list).as('keys'))
    .crossJoin('contact_points')
    .whereRef('contact_points.lookup_hash', '=', 'keys.value')
    .select(['keys.place', 'contact_points.id', 'contact_points.person_id'])
    .select(['contact_points.link_generation', 'contact_points.country'])
    .orderBy('contact_points.id');
}

export type ContactPointRow = InferResult<ReturnType<typeof contactPointsQuery>>[number];
