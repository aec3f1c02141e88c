import type { InsertQueryBuilder, InsertResult } from 'kysely';
import type { Tx } from '#db/connect.ts';
import type { Schema } from '#db/schema/schema.ts';
import { type ActRows, declareWrite } from '#db/writes.ts';
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
  count: number;
  resetsAt: string;
}

/**
 * Counts one more for each limit and says which are exceeded by it. The counts are in the database, so a restart does not
 * reset them; the subjects (addresses, networks) are stored as keyed hashes only.
 */
export async function countHits(tx: Tx, keys: Keys, limits: Limit[], at: Date): Promise<Hit[]> {
  const now = at.toISOString();
  const hashes = limits.map((limit) => limitHash(keys, limit));
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
 * Counts one more for each limit, from narrow to wide, up to the first that is exceeded: a request that is turned away uses
 * up nothing of what its neighbours share.
 */
export async function countNarrowFirst(tx: Tx, keys: Keys, limits: Limit[], at: Date): Promise<Hit[]> {
  const hits = await countHits(tx, keys, limits, at);
  const first = hits.findIndex((hit) => hit.exceeded);
  if (first < 0) return hits;
  const wider = limits.slice(first + 1);
  if (wider.length > 0) await unhit(tx, keys, wider);
  return hits.slice(0, first + 1);
}

/** Counts one more for each limit in an act, which is refused when that exceeds one of them. */
export async function countWithin(to: ActRows, keys: Keys, limits: Limit[], at: Date): Promise<void> {
  const now = at.toISOString();
  for (const limit of limits) {
    await countOneWithin(to, {
      key_hash: limitHash(keys, limit),
      resets_at: minutesLater(at, limit.minutes),
      most: Math.min(limit.most, Number.MAX_SAFE_INTEGER),
      now,
    });
  }
}

export const countOneWithin = declareWrite(
  (db, of: { key_hash: string; resets_at: string; most: number; now: string }) =>
    orCountOneMore(
      db.insertInto('rate_limits').values({ key_hash: of.key_hash, count: 1, resets_at: of.resets_at }),
      of.now,
    ),
  {
    unless: (db, of) =>
      db
        .selectFrom('rate_limits')
        .select('key_hash')
        .where('key_hash', '=', of.key_hash)
        .where('count', '>', of.most),
  },
);

function countOneMore(tx: Tx, limits: Limit[], hashes: string[], at: Date) {
  const insert = tx.insertInto('rate_limits').values(
    limits.map((limit, index) => ({
      key_hash: hashes[index] ?? '',
      count: 1,
      resets_at: minutesLater(at, limit.minutes),
    })),
  );
  return orCountOneMore(insert, at.toISOString());
}

/** A count that has ended begins again. */
function orCountOneMore(insert: InsertQueryBuilder<Schema, 'rate_limits', InsertResult>, now: string) {
  return insert.onConflict((conflict) =>
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

/** Forgets what was counted, for example once someone has shown that the mails were wanted. */
export async function forgetHits(
  tx: Tx,
  keys: Keys,
  limits: Pick<Limit, 'rule' | 'subject'>[],
): Promise<void> {
  const hashes = limits.map((limit) => limitHash(keys, limit));
  await tx.deleteFrom('rate_limits').where('key_hash', 'in', hashes).execute();
}

/** Takes back one count, for something that turned out not to be limited. */
export async function unhit(tx: Tx, keys: Keys, limits: Pick<Limit, 'rule' | 'subject'>[]): Promise<void> {
  const hashes = limits.map((limit) => limitHash(keys, limit));
  await tx
    .updateTable('rate_limits')
    .set((eb) => ({ count: eb('count', '-', 1) }))
    .where('key_hash', 'in', hashes)
    .where('count', '>', 0)
    .execute();
}

/** Under which a limit is counted. */
export function limitHash(keys: Keys, limit: Pick<Limit, 'rule' | 'subject'>): string {
  return mac(keys.rateLimit, limit.rule, limit.subject).toString('base64url');
}
