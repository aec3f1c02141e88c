import type { Db } from '#db/connect.ts';
import { prepared } from '#db/prepared.ts';
import {
  type FoundContactPoint,
  type FoundContactPoints,
  type FoundPermission,
  type Kind,
  knownCountry,
  takesPrecedence,
} from './contact-points.ts';
import { type ContactPointRow, pointsQuery } from './contact-points-query.ts';
import { permissionsAt } from './permissions-at.ts';
import type { SortedKeys } from './sorted-keys.ts';

/** As they are now, from the rows of `contactPointsQuery`. */
export function contactPointsFrom(rows: ContactPointRow[], keys: SortedKeys): FoundContactPoints {
  return byIndex(
    keys,
    rows.map(
      ({ place, point_id, link_generation, country, person_id, permission_id, state, ...permission }) => ({
        place,
        contactPoint: {
          contactPointId: point_id,
          personId: person_id,
          linkGeneration: link_generation,
          country: knownCountry(country),
          permission:
            permission_id && state
              ? {
                  ...permission,
                  id: permission_id,
                  state,
                  channel_verified: permission.channel_verified ?? 0,
                }
              : undefined,
        },
      }),
    ),
  );
}

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
    points.map(({ place, id, person_id, link_generation, country }) => ({
      place,
      contactPoint: {
        contactPointId: id,
        personId: person_id,
        linkGeneration: link_generation,
        country: knownCountry(country),
        permission: ofPurpose.get(id),
      },
    })),
  );
}

const allPoints = prepared((db, of: { list: string }) => pointsQuery(db, of.list));

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
    [...found].map(([index, { country, permission }]) => [index, { country, common: permission }]),
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
