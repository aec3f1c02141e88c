import { type Db, isOneOf } from '#db/connect.ts';
import type { TextFacts } from './load-texts.ts';
import type { Standing } from './standing.ts';

/** How often each permission was used within the period that its words promise something about. */
export async function loadUses(
  db: Db,
  granted: Standing[],
  texts: Map<string, TextFacts>,
  { at, past }: { at: string; past: boolean },
): Promise<Map<string, number>> {
  const startOfText = new Map<string | null, string>();
  for (const [id, { frequency }] of texts) if (frequency) startOfText.set(id, frequency.countsFrom(at));
  const startOf = new Map<string, string>();
  for (const { permission } of granted) {
    const start = permission && startOfText.get(permission.text_version_id);
    if (!permission || start === undefined) continue;
    // Most were not used within the period, and need not be looked up.
    if (past || (permission.last_used_at !== null && permission.last_used_at >= start)) {
      startOf.set(permission.id, start);
    }
  }
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
