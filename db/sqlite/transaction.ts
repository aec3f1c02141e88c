import type { CompiledQuery, QueryResult } from 'kysely';
import type { SqliteConnection } from './connection.ts';
import { execute, streamRows } from './execute.ts';

/** A transaction between its begin and its end. */
export interface SqliteTransaction {
  execute<R>(query: CompiledQuery): Promise<QueryResult<R>>;
  stream<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>>;
  script(sql: string): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** `spoiled`: SQLite has rolled back the whole transaction, so nothing is left to keep or undo. */
export type Ending = 'keep' | 'undo' | { spoiled: Error };

/**
 * A transaction that has the connection to itself. `end` is called once, when no statement is running any more. A
 * transaction that does nothing for `idleMillis` is rolled back.
 */
export function openTransaction(
  connection: SqliteConnection,
  idleMillis: number,
  end: (ending: Ending) => Promise<void>,
): SqliteTransaction {
  /** Why nothing can be done any more, once it has ended. */
  let over: string | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let ended: Promise<void> = Promise.resolve();
  let watch = setTimeout(giveUp, idleMillis);

  async function whileOpen<T>(work: () => Promise<T>): Promise<T> {
    if (over) throw new Error(over);
    clearTimeout(watch);
    const result = work();
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
    stream<R>(query: CompiledQuery, chunkSize: number) {
      return inSteps(streamRows<R>(connection, query, chunkSize), whileOpen);
    },
    async commit() {
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

/** Takes each chunk as a step of its own: between two of them the transaction may end. */
async function* inSteps<Chunk>(
  chunks: AsyncIterableIterator<Chunk>,
  step: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncIterableIterator<Chunk> {
  try {
    for (let next = await step(() => chunks.next()); !next.done; ) {
      yield next.value;
      next = await step(() => chunks.next());
    }
  } finally {
    await chunks.return?.();
  }
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
