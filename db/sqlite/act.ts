import type { CompiledQuery, QueryResult } from 'kysely';
import type { LaterQuery } from '../driver-queries.ts';
import type { SqliteConnection } from './connection.ts';
import { execute, streamRows } from './execute.ts';
import { written } from './written.ts';

/** What a transaction does between its begin and its end. */
export interface Act {
  execute<R>(query: CompiledQuery): Promise<QueryResult<R>>;
  stream<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>>;
  script(sql: string): Promise<void>;
  /** Sends the statement, and what is added to its list, together with the next one or before the end. */
  later(query: LaterQuery): void;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** `spoiled`: SQLite gave up the whole transaction, so there is nothing left to keep or undo. */
export type Ending = 'keep' | 'undo' | { spoiled: Error };

/**
 * An act on a connection that it has for itself. `end` is called once, when no statement is running
 * any more. Who holds the connection and does nothing for `idleMillis` is rolled back.
 */
export function openAct(
  connection: SqliteConnection,
  idleMillis: number,
  end: (ending: Ending) => Promise<void>,
): Act {
  let over: string | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let ended: Promise<void> = Promise.resolve();
  let watch = setTimeout(giveUp, idleMillis);

  let unsent: LaterQuery[] = [];

  async function send(): Promise<void> {
    const queries = unsent.splice(0);
    if (queries.length === 0) return;
    const shown = queries.map(({ sql }) => sql).join('; ');
    await connection.script(queries.map(written).join(';\n'), shown);
  }

  async function whileOpen<T>(work: () => Promise<T>): Promise<T> {
    if (over) throw new Error(over);
    clearTimeout(watch);
    const result = unsent.length > 0 ? send().then(work) : work();
    running = result.catch(() => undefined);
    try {
      return await result;
    } catch (error) {
      if (spoilsTransaction(error) && !over) void finish(error.message, { spoiled: error });
      throw error;
    } finally {
      if (!over) watch = setTimeout(giveUp, idleMillis);
    }
  }

  function finish(why: string, ending: Ending): Promise<void> {
    over = why;
    // Whatever is still added would be lost, and fails instead.
    Object.freeze(unsent);
    clearTimeout(watch);
    ended = running.then(() => end(ending));
    ended.catch(() => undefined);
    return ended;
  }

  function giveUp(): void {
    const message = `A transaction did nothing for ${idleMillis / 1000} s and was rolled back, so that others can go on.`;
    process.emitWarning(message, 'IdleTransactionWarning');
    void finish(message, 'undo');
  }

  return {
    execute: (query) => whileOpen(() => execute(connection, query)),
    script: (sql) => whileOpen(() => connection.script(sql)),
    later(query) {
      if (over) throw new Error(over);
      unsent = query.sentLater;
    },
    async *stream<R>(query: CompiledQuery, chunkSize: number) {
      const chunks = streamRows<R>(connection, query, chunkSize);
      try {
        for (let next = await whileOpen(() => chunks.next()); !next.done; ) {
          yield next.value;
          next = await whileOpen(() => chunks.next());
        }
      } finally {
        await chunks.return?.();
      }
    },
    async commit() {
      if (unsent.length > 0) await whileOpen(send);
      if (over) throw new Error(over);
      await finish('This came after its transaction was committed. Wait for every query.', 'keep');
    },
    async rollback() {
      if (!over)
        await finish('This came after its transaction was rolled back. Wait for every query.', 'undo');
      else await ended.catch(() => undefined);
    },
  };
}

/**
 * After these errors SQLite may have rolled back the whole transaction by itself:
 * https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
 */
export function spoilsTransaction(error: unknown): error is Error {
  return spoiling.has(String((error as { code?: string }).code));
}

const spoiling = new Set(
  ['BUSY', 'CORRUPT', 'FULL', 'INTERRUPT', 'IOERR', 'NOMEM', 'NOTADB', 'READONLY'].map(
    (name) => `SQLITE_${name}`,
  ),
);
