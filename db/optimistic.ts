/**
 * Acts that hope for the best: what they read is read beside the writer, and what they write goes to the writer as
 * one script, in one trip together with the scripts of others.
 *
 * Nothing keeps what was read from changing in between, so the writes have to notice it: by a unique index (the
 * ledger's, of an event's number, notices every change of a permission), by `hoping` or by `preparedChange`. Then
 * nothing of the act is written, and it runs once more as an ordinary transaction. On PostgreSQL it is one from the start.
 */
import { type RawBuilder, sql } from 'kysely';
import { type Db, databaseKind, type Tx } from './connect.ts';
import { sendLater } from './later.ts';

const optimists = new WeakSet<Tx>();

/** Runs `act`, maybe twice: what it does besides the database it has to be able to do again. */
export async function optimistically<T>(db: Db, act: (tx: Tx) => Promise<T>): Promise<T> {
  if (!actsHope(db)) return db.transaction().execute(act);
  try {
    return await db
      .transaction()
      .setIsolationLevel(optimisticLevel)
      .execute((tx) => {
        optimists.add(tx);
        return act(tx);
      });
  } catch (error) {
    if (!isDisappointment(error)) throw error;
    return db.transaction().execute(act);
  }
}

/** Whether an act of this database is an optimistic one at first: what it needs may be read before it begins. */
export function actsHope(db: Db): boolean {
  return databaseKind(db) === 'sqlite';
}

/** Kysely hands it to the driver, where no other transaction asks for it. */
export const optimisticLevel = 'snapshot';

export function isOptimistic(tx: Tx): boolean {
  return optimists.has(tx);
}

/** What comes next needs that nothing changes under it. */
export function carefully(tx: Tx): void {
  if (isOptimistic(tx)) throw disappointment('the act is one to be careful with');
}

/** Writes nothing of an optimistic act unless this still holds when its writes arrive. */
export async function hoping(tx: Tx, condition: RawBuilder<boolean>): Promise<void> {
  const look = sql`insert into expected select ${condition}`.compile(tx);
  await sendLater(tx, look, { onlyLooks: true });
}

const code = 'NOT_AS_HOPED';

/** Told by its code, like the errors of the drivers. */
export function disappointment(why: string, cause?: unknown): Error {
  return Object.assign(new Error(`An optimistic act has to be done again: ${why}.`, { cause }), { code });
}

function isDisappointment(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === code;
}
