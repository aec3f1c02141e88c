/**
 * Optimistic acts: they read beside the writer, and their writes go to the writer as one script, together with the
 * scripts of other acts.
 *
 * What was read may change before the writes are committed, so the writes check for it: by a unique index (the ledger's,
 * on the number of an event, detects every change of a permission), by `assertUnchanged` or by `preparedChange`. Then
 * nothing is written, and the act runs once more as an ordinary transaction. On PostgreSQL it is one from the start.
 */
import { type RawBuilder, sql } from 'kysely';
import { type Db, databaseKind, type Tx } from './connect.ts';
import { optimisticLevel } from './driver-queries.ts';
import { ConflictError } from './errors.ts';
import { sendLater } from './later.ts';

const optimists = new WeakSet<Tx>();

/** Runs `act`, twice after a conflict: what it does besides the database must be repeatable. */
export async function optimistically<T>(db: Db, act: (tx: Tx) => Promise<T>): Promise<T> {
  if (!supportsOptimistic(db)) return db.transaction().execute(act);
  try {
    return await db
      .transaction()
      .setIsolationLevel(optimisticLevel)
      .execute((tx) => {
        optimists.add(tx);
        return act(tx);
      });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return db.transaction().execute(act);
  }
}

/** Whether an act on this database is optimistic at first, so that what it needs may be read before it begins. */
export function supportsOptimistic(db: Db): boolean {
  return databaseKind(db) === 'sqlite';
}

export function isOptimistic(tx: Tx): boolean {
  return optimists.has(tx);
}

/** Needs a real transaction: an optimistic act is run again as one. */
export function requireExclusive(tx: Tx): void {
  if (isOptimistic(tx)) throw new ConflictError('it needs that nothing changes meanwhile');
}

/** Writes nothing of an optimistic act unless this still holds when its writes are committed. */
export async function assertUnchanged(tx: Tx, condition: RawBuilder<boolean>): Promise<void> {
  const look = sql`insert into expected select ${condition}`.compile(tx);
  await sendLater(tx, look, { onlyLooks: true });
}
