import type { Expression } from 'kysely';
import { sql } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { keyTable } from '#db/key-lists.ts';
import { prepared } from '#db/prepared.ts';
import {
  type FoundContactPoint,
  type FoundContactPoints,
  type FoundPermission,
  type Kind,
  takesPrecedence,
} from './contact-points.ts';
import { permissionsAt } from './permissions-at.ts';
import type { SortedKeys } from './sorted-keys.ts';

/** As they are now. */
export async function findContactPoints(
  db: Db,
  keys: SortedKeys,
  purposeKey: string,
): Promise<FoundContactPoints> {
  const rows = await contactPointRows(db, { list: keys.list, purposeKey });
  return byIndex(
    keys,
    rows.map(({ place, point_id, link_generation, person_id, permission_id, state, ...permission }) => ({
      place,
      contactPoint: {
        contactPointId: point_id,
        personId: person_id,
        linkGeneration: link_generation,
        permission:
          permission_id && state
            ? { ...permission, id: permission_id, state, channel_verified: permission.channel_verified ?? 0 }
            : undefined,
      },
    })),
  );
}

const contactPointRows = prepared((db, of: { list: string; purposeKey: string }) =>
  contactPointsQuery(db, of.list, of.purposeKey),
);

/** As they were at a moment in the past. */
export async function findContactPointsAt(
  db: Db,
  keys: SortedKeys,
  purposeId: string,
  at: string,
): Promise<FoundContactPoints> {
  const points = await allPoints(db, { list: keys.list });
  const permissions = await permissionsAt(
    db,
    points.map(({ id }) => id),
    at,
  );
  const ofPurpose = new Map<string, FoundPermission>(
    permissions.filter((one) => one.purpose_id === purposeId).map((one) => [one.contact_point_id, one]),
  );
  return byIndex(
    keys,
    points.map(({ place, id, person_id, link_generation }) => ({
      place,
      contactPoint: {
        contactPointId: id,
        personId: person_id,
        linkGeneration: link_generation,
        permission: ofPurpose.get(id),
      },
    })),
  );
}

const allPoints = prepared((db, of: { list: string }) => pointsQuery(db, of.list));

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
  const purposeId: Expression<string> = sql<string>`(select id from purposes where key = ${purposeKey})`;
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
    .select(['point.place', 'point.link_generation', 'point.id as point_id'])
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

function pointsQuery(db: Db | Tx, list: string) {
  return db
    .selectFrom(keyTable(db, list).as('keys'))
    .crossJoin('contact_points')
    .whereRef('contact_points.lookup_hash', '=', 'keys.value')
    .select(['keys.place', 'contact_points.id', 'contact_points.person_id'])
    .select('contact_points.link_generation')
    .orderBy('contact_points.id');
}

/** Of several contact points with one address the one that takes precedence. */
function byIndex(
  { indexes }: SortedKeys,
  rows: { place: number; contactPoint: FoundContactPoint }[],
): FoundContactPoints {
  const found = new Map<number, FoundContactPoint>();
  for (const { place, contactPoint } of rows) {
    const index = indexes[Number(place)] ?? Number.NaN;
    const previous = found.get(index);
    if (!previous || !takesPrecedence(candidate(previous), candidate(contactPoint))) {
      found.set(index, contactPoint);
    }
  }
  const kinds = new Map<number, Kind>(
    [...found].map(([index, { permission }]) => [index, { common: permission }]),
  );
  return {
    kinds: [...kinds.values()],
    kind: (index) => kinds.get(index),
    lastUsedAt: (index) => found.get(index)?.permission?.last_used_at ?? null,
    permissionId: (index) => found.get(index)?.permission?.id ?? '',
    contactPoint: (index) => found.get(index),
  };
}

function candidate({ contactPointId, permission }: FoundContactPoint) {
  return { contactPointId, state: permission?.state };
}
