import type { RawBuilder } from 'kysely';
import { type Db, keyTable, type Tx } from '#db/connect.ts';
import { packedLines, unpackedLines } from '#db/packed-lines.ts';
import type { SuppressionTable } from '#db/schema.ts';
import type { Facts } from './facts.ts';
import type { SortedKeys } from './sorted-keys.ts';

/**
 * The blocks that name these addresses, as `readSuppressions` takes them apart: all of them. With conditions on more than
 * the address PostgreSQL expects so few that it reads the whole table for every question.
 */
export function packedSuppressions(db: Db | Tx, list: string): RawBuilder<string | null> {
  return packedLines(
    db
      .selectFrom(keyTable(db, list).as('asked'))
      .crossJoin('suppressions')
      .whereRef('suppressions.lookup_hash', '=', 'asked.value')
      .select(['asked.place', 'suppressions.reason', 'suppressions.purpose_id'])
      .select(['suppressions.created_at', 'suppressions.until', 'suppressions.lifted_at']),
    ['place', 'reason', 'purpose_id', 'created_at', 'until', 'lifted_at'],
  );
}

/** Those that count for this purpose, by the index of the address. */
export function readSuppressions(
  lines: string | null | undefined,
  { indexes }: SortedKeys,
  purposeId: string | undefined,
): Map<number, Facts['suppressions']> {
  const suppressions = new Map<number, Facts['suppressions']>();
  for (const [place, reason, ofPurpose, at = '', until, liftedAt] of unpackedLines(lines)) {
    if (reason === 'not_me' || (ofPurpose && ofPurpose !== purposeId)) continue;
    const index = indexes[Number(place)] ?? Number.NaN;
    const all = suppressions.get(index) ?? [];
    all.push({
      reason: reason as Exclude<SuppressionTable['reason'], 'not_me'>,
      at,
      until: until || null,
      liftedAt: liftedAt || null,
    });
    suppressions.set(index, all);
  }
  return suppressions;
}
