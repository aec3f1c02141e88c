import { type Db, isOneOf } from '#db/connect.ts';
import { readPacked } from '#db/read-packed.ts';
import type { PermissionState } from '#db/schema.ts';
import type { PermissionFacts } from '#src/ledger/fold.ts';
import { permissionsAt } from './permissions-at.ts';

/** A contact point that is known, and its permission for the purpose that is asked about, if there is one. */
export interface Standing {
  contactPointId: string;
  personId: string;
  linkGeneration: number;
  permission?: StandingPermission;
}

export type StandingPermission = Pick<
  PermissionFacts,
  | 'state'
  | 'basis'
  | 'text_version_id'
  | 'evidence_grade'
  | 'channel_verified'
  | 'granted_at'
  | 'last_used_at'
  | 'valid_until'
> & { id: string };

/** By lookup hash. */
export async function standingNow(
  db: Db,
  purposeId: string,
  hashes: string[],
): Promise<Map<string, Standing>> {
  const known = db
    .selectFrom('contact_points as point')
    .leftJoin('permissions', (join) =>
      join
        .onRef('permissions.contact_point_id', '=', 'point.id')
        .on('permissions.purpose_id', '=', purposeId),
    )
    .select(['point.id as point_id', 'point.person_id', 'point.lookup_hash', 'point.link_generation'])
    .select(['permissions.id', 'permissions.state', 'permissions.basis', 'permissions.text_version_id'])
    .select(['permissions.evidence_grade', 'permissions.channel_verified', 'permissions.granted_at'])
    .select(['permissions.last_used_at', 'permissions.valid_until'])
    .where(isOneOf(db, 'point.lookup_hash', hashes));
  const standing = new Map<string, Standing>();
  for (const row of await readPacked(db, known, knownColumns)) {
    const { id, state } = row;
    keep(standing, row.lookup_hash, {
      contactPointId: row.point_id,
      personId: row.person_id,
      linkGeneration: row.link_generation,
      permission:
        id === null || state === null
          ? undefined
          : {
              id,
              state,
              basis: row.basis,
              text_version_id: row.text_version_id,
              evidence_grade: row.evidence_grade,
              channel_verified: row.channel_verified ?? 0,
              granted_at: row.granted_at,
              last_used_at: row.last_used_at,
              valid_until: row.valid_until,
            },
    });
  }
  return standing;
}

const knownColumns = [
  'point_id',
  'person_id',
  'lookup_hash',
  'link_generation',
  'id',
  'state',
  'basis',
  'text_version_id',
  'evidence_grade',
  'channel_verified',
  'granted_at',
  'last_used_at',
  'valid_until',
] as const;

/** The same as of a moment in the past. */
export async function contactPointsAt(
  db: Db,
  purposeId: string,
  hashes: string[],
  at: string,
): Promise<Map<string, Standing>> {
  const points = await db
    .selectFrom('contact_points')
    .select(['id', 'person_id', 'lookup_hash', 'link_generation'])
    .where(isOneOf(db, 'lookup_hash', hashes))
    .execute();
  const then = await permissionsAt(
    db,
    points.map(({ id }) => id),
    at,
  );
  const ofPurpose = new Map(
    then.filter((one) => one.purpose_id === purposeId).map((one) => [one.contact_point_id, one]),
  );
  const standing = new Map<string, Standing>();
  for (const point of points) {
    keep(standing, point.lookup_hash, {
      contactPointId: point.id,
      personId: point.person_id,
      linkGeneration: point.link_generation,
      permission: ofPurpose.get(point.id),
    });
  }
  return standing;
}

// A number or a letter box may stand with several people. A no of one of them is heard before a yes of another.
const loudest: PermissionState[] = ['withdrawn', 'refused', 'granted', 'pending', 'expired', 'none'];

function keep(standing: Map<string, Standing>, hash: string | null, one: Standing): void {
  if (hash === null) return;
  const before = standing.get(hash);
  if (before === undefined || loudness(one) < loudness(before)) standing.set(hash, one);
}

function loudness({ permission }: Standing): number {
  return loudest.indexOf(permission?.state ?? 'none');
}
