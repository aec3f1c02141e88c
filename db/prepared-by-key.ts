import { type Compilable, type CompiledQuery, type RawBuilder, sql } from 'kysely';
import { type DatabaseKind, type Db, databaseKind, type Tx } from './connect.ts';
import { compiledOnce } from './prepared.ts';

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

/** Whether a column is one of the keys that are asked about. */
type IsAsked = (column: string) => RawBuilder<boolean>;

/**
 * A hot query by a key, compiled once. On SQLite, where each query is a trip to the thread pool, those who ask at the
 * same time share one: so each row says as `asked` which key it was found by, and nothing else may be a parameter.
 *
 *     const formByKey = preparedByKey((db, isAsked) =>
 *       db.selectFrom('forms').selectAll().select('key as asked').where(isAsked('key')));
 *     const [form] = await formByKey(db, 'newsletter');
 */
export function preparedByKey<Row extends { asked: string | null }>(
  build: (db: Db | Tx, isAsked: IsAsked) => Compilable<Row>,
): (db: Db | Tx, key: string) => Promise<Omit<Row, 'asked'>[]> {
  const compiledFor = compiledOnce((db) => build(db, isAsked[databaseKind(db)]));

  return async (db, key) => {
    const onSqlite = databaseKind(db) === 'sqlite';
    const query = compiledFor(db);
    const keys = onSqlite ? listed([key]) : key;
    const parameters = query.parameters.map((parameter) => (parameter === standIn ? keys : parameter));
    const asked = onSqlite ? { ...query, parameters, key } : { ...query, parameters };
    const { rows } = await db.executeQuery<Row>(asked);
    return rows.map(({ asked: _, ...row }) => row);
  };
}

const standIn = Symbol('keys');

const isAsked: Record<DatabaseKind, IsAsked> = {
  sqlite: (column) => sql<boolean>`${sql.ref(column)} in (select value from json_each(${standIn}))`,
  postgres: (column) => sql<boolean>`${sql.ref(column)} = ${standIn}`,
};
