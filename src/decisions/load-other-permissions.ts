import type { Db } from '#db/connect.ts';
import { keyList, keyTable } from '#db/key-lists.ts';
import { prepared } from '#db/prepared.ts';
import type { FoundContactPoint } from './contact-points.ts';
import type { OtherPermissions } from './facts.ts';
import { permissionsAt } from './permissions-at.ts';
import { distinct } from './sorted-keys.ts';

/**
 * Which other permissions there are for contact points that have none for this purpose, by contact point. They only choose
 * the reason of the refusal.
 */
export async function loadOtherPermissions(
  db: Db,
  { purposeId, at, past }: { purposeId: string; at: string; past: boolean },
  without: FoundContactPoint[],
): Promise<Map<string, OtherPermissions>> {
  if (without.length === 0) return new Map();
  const people = distinct(without.map(({ personId }) => personId ?? undefined));
  const points = await contactPointsOfPeople(db, { list: keyList(db, people) });
  const ids = points.map(({ id }) => id);
  const granted = past
    ? (await permissionsAt(db, ids, at)).filter(({ state }) => state === 'granted')
    : await grantedPermissions(db, { list: keyList(db, ids) });
  const personOf = new Map(points.map((point) => [point.id, point.person_id]));
  const reachable = new Set(
    granted
      .filter((permission) => permission.purpose_id === purposeId)
      .map((permission) => personOf.get(permission.contact_point_id)),
  );
  const allowsOther = new Set(
    granted
      .filter((permission) => permission.purpose_id !== purposeId)
      .map((permission) => permission.contact_point_id),
  );
  return new Map(
    without.map(({ contactPointId, personId }) => [
      contactPointId,
      {
        samePurposeOtherChannel: reachable.has(personId ?? undefined),
        otherPurpose: allowsOther.has(contactPointId),
      },
    ]),
  );
}

const contactPointsOfPeople = prepared((db, of: { list: string }) =>
  db
    .selectFrom(keyTable(db, of.list).as('keys'))
    .crossJoin('contact_points')
    .whereRef('contact_points.person_id', '=', 'keys.value')
    .select(['contact_points.id', 'contact_points.person_id']),
);

const grantedPermissions = prepared((db, of: { list: string }) =>
  db
    .selectFrom(keyTable(db, of.list).as('keys'))
    .crossJoin('permissions')
    .whereRef('permissions.contact_point_id', '=', 'keys.value')
    .select(['permissions.contact_point_id', 'permissions.purpose_id'])
    .where('permissions.state', '=', 'granted'),
);
