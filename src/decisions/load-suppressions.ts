import { type Db, keyTable } from '#db/connect.ts';
import { prepared } from '#db/prepared.ts';
import type { SuppressionTable } from '#db/schema.ts';
import type { Facts } from './facts.ts';
import type { SortedKeys } from './sorted-keys.ts';

/** The blocks that name these addresses, for all purposes or for this one, by the index of the address. */
export async function loadSuppressions(
  db: Db,
  purposeId: string,
  { list, indexes }: SortedKeys,
): Promise<Map<number, Facts['suppressions']>> {
  const suppressions = new Map<number, Facts['suppressions']>();
  for (const row of await suppressionsOf(db, { list, purposeId })) {
    const index = indexes[row.place] ?? Number.NaN;
    const reason = row.reason as Exclude<SuppressionTable['reason'], 'not_me'>;
    const all = suppressions.get(index) ?? [];
    all.push({ reason, at: row.created_at, until: row.until, liftedAt: row.lifted_at });
    suppressions.set(index, all);
  }
  return suppressions;
}

const suppressionsOf = prepared((db, of: { list: string; purposeId: string }) =>
  db
    .selectFrom(keyTable(db, of.list).as('asked'))
    .crossJoin('suppressions')
    .whereRef('suppressions.lookup_hash', '=', 'asked.value')
    .select(['asked.place', 'suppressions.reason', 'suppressions.created_at'])
    .select(['suppressions.until', 'suppressions.lifted_at'])
    .where('suppressions.reason', '<>', 'not_me')
    .where((eb) =>
      eb.or([eb('suppressions.purpose_id', 'is', null), eb('suppressions.purpose_id', '=', of.purposeId)]),
    ),
);
