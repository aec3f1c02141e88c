import type { Compilable, CompiledQuery } from 'kysely';
import { databaseKind, type Tx } from './connect.ts';
import type { LaterMore, LaterQuery } from './driver-queries.ts';

/** By transaction. The driver knows each from the first write in it, so that the others need not go through Kysely. */
const lists = new WeakMap<Tx, LaterQuery[]>();

/** Sends the write together with what the transaction asks next, or before its end. */
export async function sendLater(tx: Tx, query: CompiledQuery<unknown>, more: LaterMore = {}): Promise<void> {
  const list = lists.get(tx);
  if (list) {
    list.push({ ...query, ...more, sentLater: list });
    return;
  }
  const first: LaterQuery[] = [];
  const write = { ...query, ...more, sentLater: first };
  first.push(write);
  if (databaseKind(tx) === 'sqlite') lists.set(tx, first);
  await tx.executeQuery(write);
}

/** `sendLater` for a query that is not compiled yet. */
export async function writeLater(tx: Tx, write: Compilable<unknown>): Promise<void> {
  await sendLater(tx, write.compile());
}
