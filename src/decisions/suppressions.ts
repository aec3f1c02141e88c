import type { InferResult } from 'kysely';
import type { Db } from '#db/connect.ts';
import { keyTable } from '#db/key-lists.ts';
import { prepared } from '#db/prepared.ts';
import type { SuppressionFacts } from './facts.ts';
import type { SortedKeys } from './sorted-keys.ts';

export interface FoundSuppression {
  /** Of the key in its list. */
  index: number;
  /** Null: every purpose. */
  purposeId: string | null;
  facts: SuppressionFacts;
}

/** All suppressions of these addresses, for whatever purpose. */
export async function findSuppressions(db: Db, keys: SortedKeys): Promise<FoundSuppression[]> {
  return suppressionsFrom(await suppressionRows(db, { list: keys.list }), keys);
}

/** From the rows of `suppressionsQuery`. "That was not me" blocks signups, not contacts. */
export function suppressionsFrom(rows: SuppressionRow[], { indexes }: SortedKeys): FoundSuppression[] {
  return rows.flatMap(({ place, reason, purpose_id, created_at, until, lifted_at }): FoundSuppression[] =>
    reason === 'not_me'
      ? []
      : [
          {
            index: indexes[Number(place)] ?? Number.NaN,
            purposeId: purpose_id,
            facts: { reason, at: created_at, until, liftedAt: lifted_at },
          },
        ],
  );
}

/** Those that block this purpose, by index. */
export function suppressionsByIndex(
  found: FoundSuppression[],
  purposeId: string,
): Map<number, SuppressionFacts[]> {
  const byIndex = new Map<number, SuppressionFacts[]>();
  for (const { index, purposeId: only, facts } of found) {
    if (only && only !== purposeId) continue;
    byIndex.set(index, [...(byIndex.get(index) ?? []), facts]);
  }
  return byIndex;
}

const suppressionRows = prepared((db, of: { list: string }) => suppressionsQuery(db, of.list));

// Joined on the address alone: with more conditions PostgreSQL expects so few rows that it reads the whole table.
export function suppressionsQuery(db: Db, list: string) {
  return db
    .selectFrom(keyTable(db, list).as('keys'))
    .crossJoin('suppressions')
    .whereRef('suppressions.lookup_hash', '=', 'keys.value')
    .select(['keys.place', 'suppressions.reason', 'suppressions.purpose_id'])
    .select(['suppressions.created_at', 'suppressions.until', 'suppressions.lifted_at']);
}

type SuppressionRow = InferResult<ReturnType<typeof suppressionsQuery>>[number];
