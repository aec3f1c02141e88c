import type { Reader } from '#db/connect.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { type Hit, type Limit, limitHash } from './count-hits.ts';

/** What was counted so far, in the order of the limits; counts nothing. */
export async function readHits(
  reader: Reader,
  keys: Keys,
  limits: Pick<Limit, 'rule' | 'subject'>[],
  at: Date,
): Promise<number[]> {
  return (await readCounts(reader, keys, limits, at)).map(({ count }) => count);
}

/** The same, with when each count ends. */
export async function readCounts(
  reader: Reader,
  keys: Keys,
  limits: Pick<Limit, 'rule' | 'subject'>[],
  at: Date,
): Promise<Omit<Hit, 'exceeded'>[]> {
  const hashes = limits.map((limit) => limitHash(keys, limit));
  const rows = await reader
    .selectFrom('rate_limits')
    .select(['key_hash', 'count', 'resets_at'])
    .where('key_hash', 'in', hashes)
    .where('resets_at', '>', at.toISOString())
    .execute();
  const found = new Map(rows.map((row) => [row.key_hash, row]));
  return hashes.map((hash) => {
    const row = found.get(hash);
    return { count: Number(row?.count ?? 0), resetsAt: row?.resets_at ?? at.toISOString() };
  });
}
