import { type Compilable, type CompiledQuery, type RawBuilder, sql } from 'kysely';
import { batchRequests, type RequestBatcher, readForEach } from './batch-requests.ts';
import { type DatabaseKind, databaseKind, type Reader } from './connect.ts';
import { keyParameter } from './driver-queries.ts';
import { compiledOnce } from './prepared.ts';

/** The condition that a column is one of the keys. */
export type IsAsked = (column: string) => RawBuilder<boolean>;

/**
 * A frequent query by a key, compiled once. Each query is a trip to the database, so requests that wait at the same time
 * share one: each row names the key that found it as `asked`, and nothing else may be a parameter.
 *
 *     const formByKey = preparedByKey((db, isAsked) =>
 *       db.selectFrom('forms').selectAll().select('key as asked').where(isAsked('key')));
 *     const [form] = await formByKey(db, 'newsletter');
 */
export function preparedByKey<Row extends { asked: string | null }>(
  build: (db: Reader, isAsked: IsAsked) => Compilable<Row>,
): (db: Reader, key: string) => Promise<Omit<Row, 'asked'>[]> {
  const compiledFor = compiledOnce((db: Reader) => build(db, isAsked[databaseKind(db)]));
  const batchers = new WeakMap<Reader, RequestBatcher<string, Row[]>>();

  function filled(db: Reader, keys: string[]): CompiledQuery<Row> {
    const query = compiledFor(db);
    const list = listOf[databaseKind(db)](keys);
    return {
      ...query,
      parameters: query.parameters.map((parameter) => (parameter === standIn ? list : parameter)),
    };
  }

  async function readAll(db: Reader, keys: string[]): Promise<Row[]> {
    return (await db.executeQuery<Row>(filled(db, keys))).rows;
  }

  async function read(db: Reader, key: string): Promise<Row[]> {
    // The driver of SQLite batches its own reads: only it knows which of them may run beside the writer.
    if (databaseKind(db) === 'sqlite') {
      return (await db.executeQuery<Row>({ ...filled(db, [key]), key } as CompiledQuery<Row>)).rows;
    }
    // No text in PostgreSQL contains NUL, and the query would fail for the whole batch.
    if (key.includes('\0')) return [];
    if (db.isTransaction) return readAll(db, [key]);
    const readShared = (keys: string[]) => readForEach(keys, (distinct) => readAll(db, distinct));
    const batcher = batchers.get(db) ?? batchRequests(readShared, { limit: 200 });
    batchers.set(db, batcher);
    return batcher.ask(key);
  }

  return async (db, key) => (await read(db, key)).map(({ asked: _, ...row }) => row);
}

const standIn = Symbol('keys');

const isAsked: Record<DatabaseKind, IsAsked> = {
  sqlite: (column) => sql<boolean>`${sql.ref(column)} in (select value from json_each(${standIn}))`,
  postgres: (column) => sql<boolean>`${sql.ref(column)} = any(${standIn}::text[])`,
};

const listOf: Record<DatabaseKind, (keys: string[]) => string> = {
  sqlite: keyParameter,
  postgres: (keys) => `{${keys.map((key) => `"${key.replace(/["\\]/g, '\\$&')}"`).join(',')}}`,
};
