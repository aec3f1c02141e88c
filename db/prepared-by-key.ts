import { type Compilable, type CompiledQuery, type RawBuilder, sql } from 'kysely';
import { batchRequests, type RequestBatcher, readForEach } from './batch-requests.ts';
import { type DatabaseKind, type Db, databaseKind, type Tx } from './connect.ts';
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
  build: (db: Db | Tx, isAsked: IsAsked) => Compilable<Row>,
): (db: Db | Tx, key: string) => Promise<Omit<Row, 'asked'>[]> {
  const compiledFor = compiledOnce((db) => build(db, isAsked[databaseKind(db)]));
  const batchers = new WeakMap<Db, RequestBatcher<string, Row[]>>();

  function filled(db: Db | Tx, keys: string[]): CompiledQuery<Row> {
    const query = compiledFor(db);
    const list = listOf[databaseKind(db)](keys);
    return {
      ...query,
      parameters: query.parameters.map((parameter) => (parameter === standIn ? list : parameter)),
    };
  }

  async function readAll(db: Db | Tx, keys: string[]): Promise<Row[]> {
    return (await db.executeQuery<Row>(filled(db, keys))).rows;
  }

  async function read(db: Db | Tx, key: string): Promise<Row[]> {
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
