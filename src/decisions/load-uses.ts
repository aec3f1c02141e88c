import { type Db, isOneOf } from '#db/connect.ts';
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
  const rows = await db
    .selectFrom('uses')
    .select(['permission_id', 'used_at'])
    .where(isOneOf(db, 'permission_id', [...startOf.keys()]))
    .where('used_at', '>=', earliest)
    .where('used_at', '<=', at)
    .execute();
  const counts = new Map<string, number>();
  for (const { permission_id, used_at } of rows) {
    if (used_at < (startOf.get(permission_id) ?? '')) continue;
    counts.set(permission_id, (counts.get(permission_id) ?? 0) + 1);
  }
  return counts;
}
