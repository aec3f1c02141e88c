import { sql } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { writeLater } from '#db/later.ts';
import { assertUnchanged, isOptimistic } from '#db/optimistic.ts';
import { type Keys, mac } from '#src/secrets/keys.ts';

/** At most `most` within `minutes`, counted for one `subject`. */
export interface Limit {
  rule: string;
  subject: string;
  most: number;
  minutes: number;
}

export interface Hit {
  exceeded: boolean;
  /** In an optimistic act at least one, and at most what is allowed. */
  count: number;
  resetsAt: string;
}

/**
 * Counts one more for each limit and says which are exceeded by it. The counts lie in the database, so a restart
 * forgives nobody, and the subjects (addresses, networks) only as keyed hashes.
 */
export async function countHits(tx: Tx, keys: Keys, limits: Limit[], at: Date): Promise<Hit[]> {
  const now = at.toISOString();
  const hashes = limits.map((limit) => limitHash(keys, limit));
  if (isOptimistic(tx)) return hopeToStayWithin(tx, limits, hashes, at);
  const rows = await countOneMore(tx, limits, hashes, at)
    .returning(['key_hash', 'count', 'resets_at'])
    .execute();
  return limits.map((limit, index) => {
    const row = rows.find((found) => found.key_hash === hashes[index]);
    const count = Number(row?.count ?? 1);
    return { exceeded: count > limit.most, count, resetsAt: row?.resets_at ?? now };
  });
}

/**
 * Counts one more for each limit, from narrow to wide, but for none that is wider than one that is exceeded: who is
 * turned away uses up nothing of what their neighbours share.
 */
export async function countNarrowFirst(tx: Tx, keys: Keys, limits: Limit[], at: Date): Promise<Hit[]> {
  const hits = await countHits(tx, keys, limits, at);
  const first = hits.findIndex((hit) => hit.exceeded);
  if (first < 0) return hits;
  const wider = limits.slice(first + 1);
  if (wider.length > 0) await unhit(tx, keys, wider);
  return hits.slice(0, first + 1);
}

/** One that turns out to be exceeded is counted again with care, and the answer is a no. */
async function hopeToStayWithin(tx: Tx, limits: Limit[], hashes: string[], at: Date): Promise<Hit[]> {
  await writeLater(tx, countOneMore(tx, limits, hashes, at));
  const tooMany = limits.flatMap(({ most }, index) =>
    Number.isFinite(most) ? [sql`(key_hash = ${hashes[index]} and count > ${most})`] : [],
  );
  if (tooMany.length > 0) {
    await assertUnchanged(
      tx,
      sql`not exists (select 1 from rate_limits where ${sql.join(tooMany, sql` or `)})`,
    );
  }
  return limits.map(({ minutes }) => ({ exceeded: false, count: 1, resetsAt: minutesLater(at, minutes) }));
}

function countOneMore(tx: Tx, limits: Limit[], hashes: string[], at: Date) {
  const now = at.toISOString();
  return tx
    .insertInto('rate_limits')
    .values(
      limits.map((limit, index) => ({
        key_hash: hashes[index] ?? '',
        count: 1,
        resets_at: minutesLater(at, limit.minutes),
      })),
    )
    .onConflict((conflict) =>
      conflict.column('key_hash').doUpdateSet((eb) => ({
        count: eb
          .case()
          .when('rate_limits.resets_at', '<=', now)
          .then(1)
          .else(eb('rate_limits.count', '+', 1))
          .end(),
        resets_at: eb
          .case()
          .when('rate_limits.resets_at', '<=', now)
          .then(eb.ref('excluded.resets_at'))
          .else(eb.ref('rate_limits.resets_at'))
          .end(),
      })),
    );
}

function minutesLater(at: Date, minutes: number): string {
  return new Date(at.getTime() + minutes * 60_000).toISOString();
}

/** What was counted so far, in the order of the limits; counts nothing. */
export async function readHits(
  db: Db,
  keys: Keys,
  limits: Pick<Limit, 'rule' | 'subject'>[],
  at: Date,
): Promise<number[]> {
  return (await readCounts(db, keys, limits, at)).map(({ count }) => count);
}

/** The same, with when each count ends. */
export async function readCounts(
  db: Db,
  keys: Keys,
  limits: Pick<Limit, 'rule' | 'subject'>[],
  at: Date,
): Promise<Omit<Hit, 'exceeded'>[]> {
  const hashes = limits.map((limit) => limitHash(keys, limit));
  const rows = await db
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

/** Forgets what was counted, e.g. once someone has shown that the mails were wanted. */
export async function forgetHits(
  tx: Tx,
  keys: Keys,
  limits: Pick<Limit, 'rule' | 'subject'>[],
): Promise<void> {
  const hashes = limits.map((limit) => limitHash(keys, limit));
  await writeLater(tx, tx.deleteFrom('rate_limits').where('key_hash', 'in', hashes));
}

/** Takes one back, for what turned out not to be what is limited. */
export async function unhit(tx: Tx, keys: Keys, limits: Pick<Limit, 'rule' | 'subject'>[]): Promise<void> {
  const hashes = limits.map((limit) => limitHash(keys, limit));
  await tx
    .updateTable('rate_limits')
    .set((eb) => ({ count: eb('count', '-', 1) }))
    .where('key_hash', 'in', hashes)
    .where('count', '>', 0)
    .execute();
}

function limitHash(keys: Keys, limit: Pick<Limit, 'rule' | 'subject'>): string {
  return mac(keys.rateLimit, limit.rule, limit.subject).toString('base64url');
}
