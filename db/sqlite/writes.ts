import type { CompiledQuery, QueryResult } from 'kysely';
import type { ActQuery } from '../driver-queries.ts';
import { ConflictError } from '../errors.ts';
import type { SqliteConnection } from './connection.ts';
import { execute } from './execute.ts';
import type { SharedCommit } from './shared-commit.ts';
import { statementKind } from './statement-kind.ts';
import { type Ending, openTransaction, type SqliteTransaction, spoilsTransaction } from './transaction.ts';

/** Waits for the writer and holds it until the transaction ends. `commit` resolves after the shared commit. */
export function beginTransaction(
  writer: SqliteConnection,
  shared: SharedCommit,
  idleMillis: number,
): Promise<SqliteTransaction> {
  const begun = Promise.withResolvers<SqliteTransaction>();
  const ended = Promise.withResolvers<'keep' | 'undo'>();
  const settled = Promise.withResolvers<void>();
  settled.promise.catch(() => undefined);

  const end = (ending: Ending) => {
    if (typeof ending === 'string') ended.resolve(ending);
    else ended.reject(ending.spoiled);
    return settled.promise;
  };

  shared.join({
    statements: 'several',
    take() {
      begun.resolve(openTransaction(writer, idleMillis, end));
      return ended.promise;
    },
    committed: settled.resolve,
    undone: settled.resolve,
    lost(error) {
      begun.reject(error);
      settled.reject(error);
    },
  });
  return begun.promise;
}

/** A write outside a transaction: a transaction of one statement. */
export function writeAlone<R>(
  writer: SqliteConnection,
  shared: SharedCommit,
  query: CompiledQuery,
): Promise<QueryResult<R>> {
  const { promise, resolve, reject } = Promise.withResolvers<QueryResult<R>>();
  let result: QueryResult<R>;
  let failure: unknown;

  shared.join({
    statements: statementKind(query) === 'alone' ? 'outside' : 'single',
    async take() {
      try {
        result = await execute(writer, query);
        return 'keep';
      } catch (error) {
        if (spoilsTransaction(error)) throw error;
        failure = error;
        return 'undo';
      }
    },
    committed: () => resolve(result),
    undone: () => reject(failure),
    lost: reject,
  });
  return promise;
}

/** Commits the rows of an act, or throws a ConflictError and writes nothing of it. */
export async function commitAct(shared: SharedCommit, { act, rows }: ActQuery): Promise<void> {
  return new Promise((resolve, reject) => {
    shared.join({
      statements: 'act',
      act,
      rows,
      committed: resolve,
      refused: (error) => reject(new ConflictError(`the act ${act.name} was refused`, error)),
      lost: reject,
    });
  });
}
