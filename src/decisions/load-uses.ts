import type { Db } from '#db/connect.ts';
import { isOneOf, keyList, keyTable } from '#db/key-lists.ts';
import { prepared } from '#db/prepared.ts';
import type { FoundContactPoints, Kind } from './contact-points.ts';
import type { TextFacts } from './load-texts.ts';
import { rollingPeriodMs } from './promised-frequency.ts';

export interface Uses {
  /** How often in the period that the words speak of, by the index of the address. */
  times: ReadonlyMap<number, number>;
  /** When a rolling period has room again, by permission. Set only where the promise is used up. */
  freeAt: ReadonlyMap<string, string>;
}

/** Permissions that may have been used since the start of a period. */
export interface UsedPermissions {
  ids: string[];
  indexes: number[];
  start: string;
  at: string;
}

/** Counts the uses of each permission, by the index of its address. Leaves out what was not used. */
export type CountUses = (db: Db, used: UsedPermissions) => Promise<Iterable<[number, number]>>;

/** How often the permissions were used in the period that their words promise something about. */
export async function loadUses(
  db: Db,
  contactPoints: FoundContactPoints,
  count: number,
  texts: ReadonlyMap<string, TextFacts>,
  { at, past }: { at: string; past: boolean },
  countUses: CountUses,
): Promise<Uses> {
  const starts = periodStarts(contactPoints, texts, at);
  const times = new Map<number, number>();
  // Words promise something a week or a month: there are few periods, however many permissions there are.
  for (const used of maybeUsed(contactPoints, count, starts, past)) {
    for (const [index, uses] of await countUses(db, { ...used, at })) times.set(index, uses);
  }
  return { times, freeAt: await loadFreeAt(db, usedUpRolling(times, contactPoints, texts, at), at) };
}

export const countUseRows: CountUses = async (db, { ids, indexes, start, at }) => {
  const rows = await useCounts(db, { list: keyList(db, ids), start, at });
  return rows.flatMap(({ place, times }): [number, number][] =>
    Number(times) > 0 ? [[indexes[Number(place)] ?? Number.NaN, Number(times)]] : [],
  );
};

const useCounts = prepared((db, of: { list: string; start: string; at: string }) => useCountsQuery(db, of));

/** `place`: of the permission in the list. */
export function useCountsQuery(db: Db, of: { list: string; start: string; at: string }) {
  return db
    .selectFrom(keyTable(db, of.list).as('keys'))
    .select('keys.place')
    .select(({ selectFrom, fn }) =>
      selectFrom('uses')
        .select(fn.countAll<number>().as('times'))
        .whereRef('uses.permission_id', '=', 'keys.value')
        .where('uses.used_at', '>=', of.start)
        .where('uses.used_at', '<=', of.at)
        .as('times'),
    );
}

/** The start of the period that `at` lies in, for each kind whose words promise a frequency. */
function periodStarts(
  { kinds }: FoundContactPoints,
  texts: ReadonlyMap<string, TextFacts>,
  at: string,
): Map<Kind, string> {
  const starts = new Map<Kind, string>();
  for (const kind of kinds) {
    const { state, text_version_id } = kind.common ?? {};
    const frequency = state === 'granted' ? texts.get(text_version_id ?? '')?.frequency : undefined;
    if (frequency) starts.set(kind, frequency.countsFrom(at));
  }
  return starts;
}

function maybeUsed(
  contactPoints: FoundContactPoints,
  count: number,
  starts: ReadonlyMap<Kind, string>,
  past: boolean,
): Iterable<{ start: string; ids: string[]; indexes: number[] }> {
  const byStart = new Map<string, { start: string; ids: string[]; indexes: number[] }>();
  if (starts.size === 0) return [];
  for (let index = 0; index < count; index++) {
    const kind = contactPoints.kind(index);
    const start = kind && starts.get(kind);
    // Most were not used within the period, and need no look-up. For the past the last use of today tells nothing.
    if (start === undefined || (!past && (contactPoints.lastUsedAt(index) ?? '') < start)) continue;
    const used = byStart.get(start) ?? { start, ids: [], indexes: [] };
    byStart.set(start, used);
    used.ids.push(contactPoints.permissionId(index));
    used.indexes.push(index);
  }
  return byStart.values();
}

/** How many uses the words allow, by permission, for those that used up a promise about the last fourteen days. */
function usedUpRolling(
  times: ReadonlyMap<number, number>,
  contactPoints: FoundContactPoints,
  texts: ReadonlyMap<string, TextFacts>,
  at: string,
): Map<string, number> {
  const usedUp = new Map<string, number>();
  const isRolling = [...texts.values()].some(({ frequency }) => frequency?.nextPeriod(at) === null);
  if (!isRolling) return usedUp;
  for (const [index, used] of times) {
    const frequency = texts.get(contactPoints.kind(index)?.common?.text_version_id ?? '')?.frequency;
    if (!frequency || used < frequency.times || frequency.nextPeriod(at) !== null) continue;
    usedUp.set(contactPoints.permissionId(index), frequency.times);
  }
  return usedUp;
}

/** The use that leaves the period makes room: as many uses back as the words allow. */
async function loadFreeAt(
  db: Db,
  usedUp: ReadonlyMap<string, number>,
  at: string,
): Promise<Map<string, string>> {
  if (usedUp.size === 0) return new Map();
  const since = new Date(Date.parse(at) - rollingPeriodMs).toISOString();
  const rows = await db
    .selectFrom('uses')
    .select(['permission_id', 'used_at'])
    .where(isOneOf(db, 'permission_id', [...usedUp.keys()]))
    .where('used_at', '>=', since)
    .where('used_at', '<=', at)
    .orderBy('used_at', 'desc')
    .execute();
  const uses = Map.groupBy(rows, ({ permission_id }) => permission_id);
  return new Map(
    [...usedUp].flatMap(([id, times]): [string, string][] => {
      const leaving = uses.get(id)?.[times - 1];
      // A use counts to the end of its fourteenth day after, that moment included.
      return leaving ? [[id, new Date(Date.parse(leaving.used_at) + rollingPeriodMs + 1).toISOString()]] : [];
    }),
  );
}
