import type { Expression, RawBuilder } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { isOneOf, keyTable } from '#db/key-lists.ts';
import { packedLines } from '#db/packed-lines.ts';
import type { PermissionState } from '#db/schema.ts';
import type { PermissionFacts } from '#src/ledger/fold.ts';
import { permissionsAt } from './permissions-at.ts';
import { distinct, type SortedKeys } from './sorted-keys.ts';

/** A contact point that is known, and its permission for the purpose that is asked about, if there is one. */
export interface Standing {
  contactPointId: string;
  /** Who has no permission for this purpose may have others. Of the rest nobody asks. */
  personId: string | null;
  linkGeneration: number;
  permission?: StandingPermission;
}

export type StandingPermission = CommonFacts &
  Pick<PermissionFacts, 'granted_at' | 'last_used_at'> & { id: string };

/** What many permissions have in common: all but whose they are, when they were given and when last used. */
export type CommonFacts = Pick<
  PermissionFacts,
  'state' | 'basis' | 'text_version_id' | 'evidence_grade' | 'channel_verified' | 'valid_until'
>;

/** Contact points are of one kind when their permissions have all these in common, or when none has one. */
export interface Kind {
  common: CommonFacts | undefined;
}

/** How the contact points of many addresses stand, each by the index of its address in the question. */
export interface Standings {
  /** All kinds there are among them. */
  kinds: Kind[];
  /** `undefined`: nobody is known by this address. */
  kind(index: number): Kind | undefined;
  /** Of its permission. */
  lastUsedAt(index: number): string | null;
  /** Empty where there is none. */
  permissionId(index: number): string;
  standing(index: number): Standing | undefined;
}

/**
 * As they stand now. Kept as the text that the database packed them into: a contact point becomes an object when it is
 * looked at, and not before.
 */
export function standingNow(lines: string | null | undefined, { indexes, count }: SortedKeys): Standings {
  const text = lines ?? '';
  const kinds = new Map<string, Kind>();
  const kindOf = new Array<Kind | undefined>(count);
  const startOf = new Uint32Array(count);
  const pointAt = (start: number, { common }: Kind) => ({
    state: common?.state,
    contactPointId: readField(text, start, 'point_id'),
  });
  let end = 0;
  for (let start = 0; start < text.length; start = end + 1) {
    end = endOfLine(text, start);
    const common = text.slice(behindBars(text, start, ownColumns.length), end);
    const kind = kinds.get(common) ?? { common: readCommon(common) };
    kinds.set(common, kind);
    const index = indexes[numberAt(text, start)] ?? count;
    const before = kindOf[index];
    if (before && isHeardBefore(pointAt(startOf[index] ?? 0, before), pointAt(start, kind))) continue;
    kindOf[index] = kind;
    startOf[index] = start;
  }
  return {
    kinds: [...kinds.values()],
    kind: (index) => kindOf[index],
    lastUsedAt(index) {
      if (!kindOf[index]) return null;
      return readField(text, startOf[index] ?? 0, 'last_used_at') || null;
    },
    permissionId: (index) => (kindOf[index] ? readField(text, startOf[index] ?? 0, 'permission_id') : ''),
    standing(index) {
      const kind = kindOf[index];
      return kind && readStanding(text, startOf[index] ?? 0, kind);
    },
  };
}

// As `readStanding` takes them apart.
const ownColumns = [
  'place',
  'link_generation',
  'point_id',
  'granted_at',
  'last_used_at',
  'permission_id',
  'person_id',
] as const;
const commonColumns = [
  'state',
  'basis',
  'text_version_id',
  'evidence_grade',
  'channel_verified',
  'valid_until',
] as const;

/** As `standingNow` takes them apart. By the id of the contact point, which is the order of the permissions' index. */
export function packedStandings(
  db: Db | Tx,
  list: string,
  purposeId: Expression<string>,
): RawBuilder<string | null> {
  const standings = db
    .with(
      (cte) => cte('point').materialized(),
      (own) =>
        own
          .selectFrom(keyTable(db, list).as('asked'))
          .crossJoin('contact_points')
          .whereRef('contact_points.lookup_hash', '=', 'asked.value')
          .select(['asked.place', 'contact_points.id', 'contact_points.person_id'])
          .select('contact_points.link_generation')
          .orderBy('contact_points.id'),
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
    .select(commonColumns.map((column) => `permissions.${column}` as const));
  return packedLines(standings, [...ownColumns, ...commonColumns]);
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

function behindBars(text: string, start: number, bars: number): number {
  let at = start;
  for (let bar = 0; bar < bars; bar++) at = text.indexOf('|', at) + 1;
  return at;
}

function readField(text: string, start: number, column: (typeof ownColumns)[number]): string {
  const from = behindBars(text, start, ownColumns.indexOf(column));
  return text.slice(from, text.indexOf('|', from));
}

function numberAt(text: string, start: number): number {
  let number = 0;
  for (let at = start; ; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return number;
    number = number * 10 + digit;
  }
}

function readCommon(fields: string): CommonFacts | undefined {
  const [state, basis, text, grade, verified, validUntil] = fields.split('|');
  if (!state) return undefined;
  return {
    state: state as CommonFacts['state'],
    basis: (basis || null) as CommonFacts['basis'],
    text_version_id: text || null,
    evidence_grade: (grade || null) as CommonFacts['evidence_grade'],
    channel_verified: Number(verified),
    valid_until: validUntil || null,
  };
}

function readStanding(text: string, start: number, { common }: Kind): Standing {
  const generation = text.indexOf('|', start) + 1;
  const point = text.indexOf('|', generation) + 1;
  const granted = text.indexOf('|', point) + 1;
  const used = text.indexOf('|', granted) + 1;
  const permission = text.indexOf('|', used) + 1;
  const person = text.indexOf('|', permission) + 1;
  return {
    contactPointId: text.slice(point, granted - 1),
    linkGeneration: numberAt(text, generation),
    personId: text.slice(person, text.indexOf('|', person)) || null,
    permission: common && {
      state: common.state,
      basis: common.basis,
      text_version_id: common.text_version_id,
      evidence_grade: common.evidence_grade,
      channel_verified: common.channel_verified,
      valid_until: common.valid_until,
      granted_at: text.slice(granted, used - 1) || null,
      last_used_at: text.slice(used, permission - 1) || null,
      id: text.slice(permission, person - 1),
    },
  };
}

/** The same as of a moment in the past. */
export async function standingAt(
  db: Db,
  purposeId: string,
  hashes: (string | undefined)[],
  at: string,
): Promise<Standings> {
  const points = await db
    .selectFrom('contact_points')
    .select(['id', 'person_id', 'lookup_hash', 'link_generation'])
    .where(isOneOf(db, 'lookup_hash', distinct(hashes)))
    .orderBy('id')
    .execute();
  const then = await permissionsAt(
    db,
    points.map(({ id }) => id),
    at,
  );
  const ofPurpose = new Map(
    then.filter((one) => one.purpose_id === purposeId).map((one) => [one.contact_point_id, one]),
  );
  const byHash = new Map<string | null | undefined, { heard: Heard; standing: Standing; kind: Kind }>();
  for (const { id, person_id, lookup_hash, link_generation } of points) {
    const permission = ofPurpose.get(id);
    const heard = { state: permission?.state, contactPointId: id };
    const before = byHash.get(lookup_hash);
    if (before && isHeardBefore(before.heard, heard)) continue;
    byHash.set(lookup_hash, {
      heard,
      standing: { contactPointId: id, personId: person_id, linkGeneration: link_generation, permission },
      kind: { common: permission },
    });
  }
  return {
    kinds: [...byHash.values()].map(({ kind }) => kind),
    kind: (index) => byHash.get(hashes[index])?.kind,
    lastUsedAt: (index) => byHash.get(hashes[index])?.standing.permission?.last_used_at ?? null,
    permissionId: (index) => byHash.get(hashes[index])?.standing.permission?.id ?? '',
    standing: (index) => byHash.get(hashes[index])?.standing,
  };
}

const loudest: PermissionState[] = ['withdrawn', 'refused', 'granted', 'pending', 'expired', 'none'];

/** One of the contact points that an address stands for, with the state of its permission, if there is one. */
interface Heard {
  state: PermissionState | undefined;
  contactPointId: string;
}

/**
 * A number or a letter box may stand with several people. A no of one of them is heard before a yes of another, and of
 * two that say the same always the same one: what was used counts towards what the next decision looks at.
 */
export function isHeardBefore(one: Heard, other: Heard): boolean {
  const louder = loudness(one) - loudness(other);
  return louder < 0 || (louder === 0 && one.contactPointId <= other.contactPointId);
}

function loudness({ state = 'none' }: Heard): number {
  return loudest.indexOf(state);
}
