import type { Compilable, CompiledQuery } from 'kysely';
import { databaseKind, type Tx } from './connect.ts';

/** A write whose result nobody waits for, so that it may be sent together with what comes next. */
export interface LaterQuery extends CompiledQuery<unknown>, LaterMore {
  /** This and everything that the transaction adds until its next query. */
  readonly sentLater: LaterQuery[];
}

interface LaterMore {
  /** An insert, taken apart: rows of other acts may be added to it. */
  readonly insert?: InsertParts | undefined;
  /** How many rows it has to change, or else the act is done again. Optimistic acts only. */
  readonly changes?: number | undefined;
  /** It only looks whether something still holds. */
  readonly onlyLooks?: boolean | undefined;
}

/** `before` and `after` stand around the rows, each of which is `(?, ?)` for two columns. */
export interface InsertParts {
  before: string;
  columns: number;
  after: string;
}

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

export function isSentLater(query: CompiledQuery): query is LaterQuery {
  return 'sentLater' in query;
}

/** `sendLater` for a query that is not compiled yet. */
export async function writeLater(tx: Tx, write: Compilable<unknown>): Promise<void> {
  await sendLater(tx, write.compile());
}
