import {
  type CommonFacts,
  type FoundContactPoint,
  type FoundContactPoints,
  type Kind,
  knownCountry,
  takesPrecedence,
} from '../contact-points.ts';
import { contactPointsQuery, permissionColumns } from '../contact-points-query.ts';
import { addressReader } from '../read-addresses.ts';
import type { SortedKeys } from '../sorted-keys.ts';
import { packRows } from './packed-rows.ts';

// The facts in common stand last, so that the rest of a line tells its kind.
const ownColumns = [
  'place',
  'link_generation',
  'point_id',
  'granted_at',
  'last_used_at',
  'permission_id',
  'person_id',
] as const;

/**
 * The contact points of thousands of addresses, kept as the one text that the database packed them into. A contact point
 * becomes an object only when it is looked at.
 */
export const readPackedAddresses = addressReader(
  (db, list, purposeKey) =>
    packRows(contactPointsQuery(db, list, purposeKey), [...ownColumns, 'country', ...permissionColumns]),
  (lines, keys) => foundIn(lines ?? '', keys),
);

function foundIn(text: string, { indexes, count }: SortedKeys): FoundContactPoints {
  const kinds = new Map<string, Kind>();
  const kindOf = new Array<Kind | undefined>(count);
  const startOf = new Uint32Array(count);
  const candidateAt = (start: number, { common }: Kind) => ({
    state: common?.state,
    contactPointId: readField(text, start, 'point_id'),
  });
  let end = 0;
  for (let start = 0; start < text.length; start = end + 1) {
    end = endOfLine(text, start);
    const common = text.slice(afterBars(text, start, ownColumns.length), end);
    const kind = kinds.get(common) ?? readKind(common);
    kinds.set(common, kind);
    const index = indexes[numberAt(text, start)] ?? count;
    const previous = kindOf[index];
    if (previous && takesPrecedence(candidateAt(startOf[index] ?? 0, previous), candidateAt(start, kind)))
      continue;
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
    contactPoint(index) {
      const kind = kindOf[index];
      return kind && readContactPoint(text, startOf[index] ?? 0, kind);
    },
  };
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

function afterBars(text: string, start: number, bars: number): number {
  let at = start;
  for (let bar = 0; bar < bars; bar++) at = text.indexOf('|', at) + 1;
  return at;
}

function readField(text: string, start: number, column: (typeof ownColumns)[number]): string {
  const from = afterBars(text, start, ownColumns.indexOf(column));
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

function readKind(fields: string): Kind {
  const [country, ...common] = fields.split('|');
  return { country: knownCountry(country), common: readCommon(common) };
}

function readCommon([state, basis, text, grade, verified, validUntil]: string[]): CommonFacts | undefined {
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

function readContactPoint(text: string, start: number, { country, common }: Kind): FoundContactPoint {
  const generation = text.indexOf('|', start) + 1;
  const point = text.indexOf('|', generation) + 1;
  const granted = text.indexOf('|', point) + 1;
  const used = text.indexOf('|', granted) + 1;
  const permission = text.indexOf('|', used) + 1;
  const person = text.indexOf('|', permission) + 1;
  return {
    contactPointId: text.slice(point, granted - 1),
    linkGeneration: numberAt(text, generation),
    country,
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
