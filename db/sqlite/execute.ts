import type { CompiledQuery, QueryResult } from 'kysely';
import { assertBindable } from '../bindable.ts';
import type { SqliteConnection } from './connection.ts';
import { statementKind } from './statement-kind.ts';

/** Runs what Kysely compiled and answers in Kysely's form. */
export async function execute<R>(
  connection: SqliteConnection,
  query: CompiledQuery,
): Promise<QueryResult<R>> {
  const { sql, parameters } = query;
  assertBindable(parameters, sql);
  const kind = statementKind(query);
  if (kind === 'write') {
    const { changes, lastId } = await connection.run(sql, parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastId) };
  }
  const rows = await connection.all<R>(sql, parameters);
  return kind === 'write returning' ? { rows, numAffectedRows: BigInt(rows.length) } : { rows };
}

export async function* streamRows<R>(
  connection: SqliteConnection,
  query: CompiledQuery,
  chunkSize: number,
): AsyncIterableIterator<QueryResult<R>> {
  assertBindable(query.parameters, query.sql);
  for await (const rows of connection.chunks<R>(query.sql, query.parameters, chunkSize)) yield { rows };
}
