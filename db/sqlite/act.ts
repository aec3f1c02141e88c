import type { CompiledQuery, QueryResult } from 'kysely';
import type { SqliteConnection } from './connection.ts';
import { execute, streamRows } from './execute.ts';
import type { SharedCommit } from './shared-commit.ts';
import { statementKind } from './statement-kind.ts';

/** What a transaction does between its begin and its end. */
export interface Act {
  execute<R>(query: CompiledQuery): Promise<QueryResult<R>>;
  stream<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>>;
  script(sql: string): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

const longestIdleMillis = 30_000;

/** Waits for the writer and holds it until `commit` or `rollback`. */
export function beginAct(
  writer: SqliteConnection,
  shared: SharedCommit,
  idleMillis = longestIdleMillis,
): Promise<Act> {
  const begun = Promise.withResolvers<Act>();
  const ended = Promise.withResolvers<'keep' | 'undo'>();
  const settled = Promise.withResolvers<void>();
  settled.promise.catch(() => undefined);
  let over: Error | undefined;
  let watch: NodeJS.Timeout | undefined;

  async function whileOpen<T>(work: () => Promise<T>): Promise<T> {
    if (over) throw over;
    clearTimeout(watch);
    try {
      return await work();
    } catch (error) {
      if (spoilsTransaction(error)) finish(error as Error, 'spoiled');
      throw error;
    } finally {
      if (!over) watch = setTimeout(giveUp, idleMillis);
    }
  }

  function finish(why: Error, outcome: 'keep' | 'undo' | 'spoiled'): void {
    over = why;
    clearTimeout(watch);
    if (outcome === 'spoiled') ended.reject(why);
    else ended.resolve(outcome);
  }

  function giveUp(): void {
    const message = `A transaction did nothing for ${idleMillis / 1000} s and was rolled back, so that others can write.`;
    process.emitWarning(message, 'IdleTransactionWarning');
    finish(new Error(message), 'undo');
  }

  const act: Act = {
    execute: (query) => whileOpen(() => execute(writer, query)),
    script: (sql) => whileOpen(() => writer.script(sql)),
    async *stream(query, chunkSize) {
      if (over) throw over;
      yield* streamRows(writer, query, chunkSize);
    },
    async commit() {
      if (over) throw over;
      finish(new Error('The transaction has been committed.'), 'keep');
      await settled.promise;
    },
    async rollback() {
      if (over) return;
      finish(new Error('The transaction has been rolled back.'), 'undo');
    },
  };

  shared.join({
    statements: 'several',
    take() {
      watch = setTimeout(giveUp, idleMillis);
      begun.resolve(act);
      return ended.promise;
    },
    committed: settled.resolve,
    lost(error) {
      begun.reject(error);
      settled.reject(error);
    },
  });
  return begun.promise;
}

/** A write outside a transaction: an act of one statement. */
export function writeAlone<R>(
  writer: SqliteConnection,
  shared: SharedCommit,
  query: CompiledQuery,
): Promise<QueryResult<R>> {
  const { promise, resolve, reject } = Promise.withResolvers<QueryResult<R>>();
  let result: QueryResult<R>;
  shared.join({
    statements: statementKind(query) === 'alone' ? 'outside' : 'single',
    async take() {
      try {
        result = await execute(writer, query);
        return 'keep';
      } catch (error) {
        if (spoilsTransaction(error)) throw error;
        reject(error);
        return 'undo';
      }
    },
    committed: () => resolve(result),
    lost: reject,
  });
  return promise;
}

/**
 * After these errors SQLite may have rolled back the whole transaction by itself, the neighbours'
 * part included: https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
 */
function spoilsTransaction(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return ['FULL', 'IOERR', 'NOMEM', 'BUSY', 'INTERRUPT', 'CORRUPT', 'READONLY'].includes(code.slice(7));
}
