import type { CompiledQuery, QueryResult } from 'kysely';
import type { LaterQuery } from '../driver-queries.ts';
import { ConflictError } from '../errors.ts';
import type { Act } from './act.ts';
import type { SqliteFile } from './file.ts';
import { readAlone } from './reads.ts';
import { statementKind } from './statement-kind.ts';
import { tablesOf } from './tables-of.ts';
import { piecesOf } from './written.ts';

/**
 * Reads on the readers, keeps its writes and hands them over at the end. Whatever does not fit into that order ends
 * it: a write whose result is asked for, a savepoint, and reading where it has written.
 */
export function openOptimisticAct(file: SqliteFile): Act {
  let over: string | undefined;
  let unsent: LaterQuery[] = [];

  function whileOpen(): void {
    if (over) throw new Error(over);
  }

  return {
    async execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      whileOpen();
      if (statementKind(query) !== 'read') throw new ConflictError('it asked for the result of a write');
      if (unsent.length > 0 && readsWhatWasWritten(query, unsent)) {
        throw new ConflictError('it read what it had written');
      }
      return readAlone<R>(file, query);
    },
    later(query) {
      whileOpen();
      unsent = query.sentLater;
    },
    stream() {
      throw new ConflictError('it asked for a stream');
    },
    async script() {
      throw new ConflictError('it asked for a savepoint');
    },
    async commit() {
      whileOpen();
      over = 'This came after its transaction was committed. Wait for every query.';
      Object.freeze(unsent);
      if (unsent.length > 0) await sent(file, unsent);
    },
    async rollback() {
      over ??= 'This came after its transaction was rolled back. Wait for every query.';
    },
  };
}

function readsWhatWasWritten(read: CompiledQuery, writes: readonly LaterQuery[]): boolean {
  const seen = tablesOf(read.query);
  if (!seen) return true;
  return writes.some((write) => {
    if (write.onlyLooks) return false;
    const written = tablesOf(write.query);
    return !written || [...written].some((table) => seen.has(table));
  });
}

async function sent(file: SqliteFile, queries: readonly LaterQuery[]): Promise<void> {
  const pieces = piecesOf(queries);
  return new Promise((resolve, reject) => {
    file.shared.join({
      statements: 'script',
      pieces,
      committed: resolve,
      refused: (error) => reject(new ConflictError('a constraint refused it', error)),
      lost: reject,
    });
  });
}
