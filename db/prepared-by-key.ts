import { type Compilable, type CompiledQuery, type RawBuilder, sql } from 'kysely';
import { type DatabaseKind, type Db, databaseKind, type Tx } from './connect.ts';
import { compiledOnce } from './prepared.ts';
import { type Together, together } from './together.ts';

/** A query by one key, which the driver may put together with those of others who ask the same at that moment. */
export interface KeyedQuery extends CompiledQuery {
  readonly key: string;
}

export function isKeyed(query: CompiledQuery): query is KeyedQuery {
  return 'key' in query;
}

/** The parameter in which SQLite finds the keys. */
export function listed(keys: readonly string[]): string {
  return JSON.stringify(keys);
}

/** Reads once for all of these keys, each row with the one that it was found by; answers with the rows of each. */
export async function readForEach<Row extends { asked: string | null }>(
  asked: string[],
  read: (keys: string[]) => Promise<Row[]>,
): Promise<Row[][]> {
  const rows = await read([...new Set(asked)]);
  if (asked.length === 1) return [rows];
  const byKey = Map.groupBy(rows, (row) => row.asked);
  return asked.map((key) => byKey.get(key) ?? []);
}

/** Whether a column is one of the keys that are asked about. */
export type IsAsked = (column: string) => RawBuilder<boolean>;

/**
 * A hot query by a key, compiled once. Each query is a trip to the database, so those who ask at the same time share
 * one: each row says as `asked` which key it was found by, and nothing else may be a parameter.
 *
 *     const formByKey = preparedByKey((db, isAsked) =>
 *       db.selectFrom('forms').selectAll().select('key as asked').where(isAsked('key')));
 *     const [form] = await formByKey(db, 'newsletter');
 */
export function preparedByKey<Row extends { asked: string | null }>(
  build: (db: Db | Tx, isAsked: IsAsked) => Compilable<Row>,
): (db: Db | Tx, key: string) => Promise<Omit<Row, 'asked'>[]> {
  const compiledFor = compiledOnce((db) => build(db, isAsked[databaseKind(db)]));
  const lines = new WeakMap<Db, Together<string, Row[]>>();

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
    // Reads of SQLite are put together by its driver, which knows which of them may run beside the writer.
    if (databaseKind(db) === 'sqlite') {
      return (await db.executeQuery<Row>({ ...filled(db, [key]), key } as CompiledQuery<Row>)).rows;
    }
    // No text of PostgreSQL has one, and asking would fail for all.
    if (key.includes('\0')) return [];
    if (db.isTransaction) return readAll(db, [key]);
    const readShared = (asked: string[]) => readForEach(asked, (keys) => readAll(db, keys));
    const line = lines.get(db) ?? together(readShared, { most: 200 });
    lines.set(db, line);
    return line.ask(key);
  }

  return async (db, key) => (await read(db, key)).map(({ asked: _, ...row }) => row);
}

const standIn = Symbol('keys');

const isAsked: Record<DatabaseKind, IsAsked> = {
  sqlite: (column) => sql<boolean>`${sql.ref(column)} in (select value from json_each(${standIn}))`,
  postgres: (column) => sql<boolean>`${sql.ref(column)} = any(${standIn}::text[])`,
};

const listOf: Record<DatabaseKind, (keys: string[]) => string> = {
  sqlite: listed,
  postgres: (keys) => `{${keys.map((key) => `"${key.replace(/["\\]/g, '\\$&')}"`).join(',')}}`,
};
