import { type Db, keyList, keyTable } from '#db/connect.ts';
import { prepared } from '#db/prepared.ts';
import type { TextFacts } from './load-texts.ts';

/** Words that promise something about how often, each with the start of the period that `at` lies in. */
export function startsOfPeriods(
  texts: ReadonlyMap<string, TextFacts>,
  at: string,
): Map<string | null, string> {
  const starts = new Map<string | null, string>();
  for (const [id, { frequency }] of texts) if (frequency) starts.set(id, frequency.countsFrom(at));
  return starts;
}

/** How often each of these permissions was used since its own moment. */
export async function loadUses(
  db: Db,
  startOf: ReadonlyMap<string, string>,
  at: string,
): Promise<Map<string, number>> {
  if (startOf.size === 0) return new Map();
  const [earliest = at] = [...startOf.values()].sort();
  const rows = await usesBetween(db, { list: keyList(db, [...startOf.keys()]), earliest, at });
  const counts = new Map<string, number>();
  for (const { permission_id, used_at } of rows) {
    if (used_at < (startOf.get(permission_id) ?? '')) continue;
    counts.set(permission_id, (counts.get(permission_id) ?? 0) + 1);
  }
  return counts;
}

const usesBetween = prepared((db, of: { list: string; earliest: string; at: string }) =>
  db
    .selectFrom(keyTable(db, of.list).as('asked'))
    .crossJoin('uses')
    .whereRef('uses.permission_id', '=', 'asked.value')
    .select(['uses.permission_id', 'uses.used_at'])
    .where('uses.used_at', '>=', of.earliest)
    .where('uses.used_at', '<=', of.at),
);
