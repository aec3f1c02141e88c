import type { Db } from '#db/connect.ts';
import { isOneOf, keyList, keyTable } from '#db/key-lists.ts';
import { packedLines, packedTogether, unpackedLines } from '#db/packed-lines.ts';
import { prepared } from '#db/prepared.ts';
import type { TextFacts } from './load-texts.ts';
import { rollingPeriodMs } from './promised-frequency.ts';

/** Words that promise something about how often, each with the start of the period that `at` lies in. */
export function startsOfPeriods(
  texts: ReadonlyMap<string, TextFacts>,
  at: string,
): Map<string | null, string> {
  const starts = new Map<string | null, string>();
  for (const [id, { frequency }] of texts) if (frequency) starts.set(id, frequency.countsFrom(at));
  return starts;
}

/** Permissions, each with the index of its address in the question. */
export interface Used {
  ids: string[];
  indexes: number[];
}

/**
 * How often each of these permissions was used since the moment that it stands under, by the index of its address;
 * nothing for what was not.
 * Words promise something a week or a month: there are few such moments, however many permissions there are.
 */
export async function loadUses(
  db: Db,
  usedSince: ReadonlyMap<string, Used>,
  at: string,
): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (const [start, { ids, indexes }] of usedSince) {
    const [row] = await countedUses(db, { list: keyList(db, ids), start, at });
    for (const [place, times] of unpackedLines(row?.uses)) {
      if (times !== '0') counts.set(indexes[Number(place)] ?? Number.NaN, Number(times));
    }
  }
  return counts;
}

/**
 * When permissions whose words promise something about the last fourteen days have room again. Asked only about those
 * that are used up: the use that leaves the period makes room, as many uses back as the words allow.
 */
export async function loadRoomAgain(
  db: Db,
  usedUp: ReadonlyMap<string, { index: number; times: number }>,
  at: string,
): Promise<Map<number, string>> {
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
    [...usedUp].flatMap(([id, { index, times }]): [number, string][] => {
      const leaving = uses.get(id)?.[times - 1];
      // A use counts to the end of its fourteenth day after, that moment included.
      return leaving
        ? [[index, new Date(Date.parse(leaving.used_at) + rollingPeriodMs + 1).toISOString()]]
        : [];
    }),
  );
}

const countedUses = prepared((db, of: { list: string; start: string; at: string }) => {
  const uses = db
    .selectFrom(keyTable(db, of.list).as('asked'))
    .select('asked.place')
    .select(({ selectFrom, fn }) =>
      selectFrom('uses')
        .select(fn.countAll<number>().as('times'))
        .whereRef('uses.permission_id', '=', 'asked.value')
        .where('uses.used_at', '>=', of.start)
        .where('uses.used_at', '<=', of.at)
        .as('times'),
    );
  return packedTogether(db, { uses: packedLines(uses, ['place', 'times']) });
});
