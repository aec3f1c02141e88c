import type { CompiledQuery, QueryResult } from 'kysely';
import { isKeyed } from '../driver-queries.ts';
import { execute, streamRows } from './execute.ts';
import { openReader, type SqliteFile } from './file.ts';
import { withReader } from './readers.ts';
import { openTransaction, type SqliteTransaction } from './transaction.ts';

export async function readAlone<R>(file: SqliteFile, query: CompiledQuery): Promise<QueryResult<R>> {
  if (isKeyed(query)) return (await file.keyed.ask(query)) as QueryResult<R>;
  return withReader(file.readers, (reader) => execute<R>(reader, query));
}

/** A stream lasts as long as its slowest consumer, so it gets a connection of its own. */
export async function* streamAlone<R>(
  file: SqliteFile,
  query: CompiledQuery,
  chunkSize: number,
): AsyncIterableIterator<QueryResult<R>> {
  const reader = await openReader(file.path);
  try {
    yield* streamRows<R>(reader, query, chunkSize);
  } finally {
    await reader.close();
  }
}

/** A transaction that only reads sees one state of the database and never waits for the writer. */
export async function beginSnapshot(file: SqliteFile): Promise<SqliteTransaction> {
  const reader = await file.readers.take();
  const giveBack = () => file.readers.giveBack(reader);
  await reader.script('BEGIN').catch((error) => {
    giveBack();
    throw error;
  });
  return openTransaction(reader, file.idleMillis, () => reader.script('ROLLBACK').finally(giveBack));
}
