import { existsSync } from 'node:fs';
import {
  type Dialect,
  Kysely,
  type OperandValueExpressionOrList,
  type RawBuilder,
  type SelectQueryBuilder,
  sql,
  type Transaction,
} from 'kysely';
import { refusingOuterUse } from './own-transaction.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;
/** Called first in a transaction. Throws when the process has lost the lease it works under, so that nothing is written. */
export type Fence = (tx: Tx) => Promise<void>;
export type DatabaseKind = 'sqlite' | 'postgres';

/** Connects to `sqlite:var/jawort.db` or `postgres://…`; only this folder knows the one from the other. */
export async function connect(url: string): Promise<Db> {
  const db = new Kysely<Schema>({ dialect: refusingOuterUse(await dialectFor(url)) });
  try {
    await sql`select 1`.execute(db);
  } catch (error) {
    await db.destroy();
    throw new Error(`The database ${withoutPassword(url)} cannot be used: ${reason(error)}`, {
      cause: error,
    });
  }
  return db;
}

/** False for a file that connecting would make. A server is only known once it is asked. */
export function databaseExists(url: string): boolean {
  const path = /^sqlite:/.test(url) ? sqlitePath(url) : undefined;
  return path === undefined || existsSync(path);
}

async function dialectFor(url: string): Promise<Dialect> {
  if (/^postgres(ql)?:\/\//.test(url)) return (await import('./postgres.ts')).postgresDialect(url);
  const path = sqlitePath(url);
  if (path) return openingSqlite(path);
  throw new Error(`DATABASE_URL is "${withoutPassword(url)}". Use sqlite:path/to/file.db or postgres://….`);
}

async function openingSqlite(path: string): Promise<Dialect> {
  const [{ sqliteDialect }, { openSqliteFile }] = await Promise.all([
    import('./sqlite/dialect.ts'),
    import('./sqlite/file.ts'),
  ]);
  return sqliteDialect(() => openSqliteFile(path));
}

function sqlitePath(url: string): string | undefined {
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (path?.startsWith(':memory:')) {
    throw new Error('SQLite has to be a file: several connections share it, which memory cannot do.');
  }
  return path?.startsWith('//') ? undefined : path;
}

function withoutPassword(url: string): string {
  return url.replace(/:[^:@/]*@/, ':…@');
}

/** Node reports a refused connection to several addresses as an error without a message. */
function reason(error: unknown): string {
  const { code, message } = problemOf(error);
  return message || code;
}

export function databaseKind(db: HasAdapter): DatabaseKind {
  // Asked of the object: the adapter of SQLite alone says what it is.
  return 'databaseKind' in db.getExecutor().adapter ? 'sqlite' : 'postgres';
}

/** `db`, `tx` and the untyped Kysely that migrations get. */
export interface HasAdapter {
  getExecutor(): { adapter: object };
}

/**
 * Keeps other acts away from these rows until the transaction ends. On SQLite there is one writer at a time
 * already. Ids are locked in their order, so that two acts never wait for each other; rows that refer to
 * a locked one may be added all the while.
 */
export async function lockRows(
  tx: Tx,
  table: 'contact_points',
  ids: OperandValueExpressionOrList<Schema, 'contact_points', 'id'>,
): Promise<void> {
  if (databaseKind(tx) === 'sqlite') return;
  await tx.selectFrom(table).select('id').where('id', 'in', ids).orderBy('id').forNoKeyUpdate().execute();
}

/** A read that locks the rows of one table as `lockRows` does. */
export function locking<TB extends keyof Schema, O>(
  db: HasAdapter,
  query: SelectQueryBuilder<Schema, TB, O>,
  table: TB,
): SelectQueryBuilder<Schema, TB, O> {
  return databaseKind(db) === 'postgres' ? query.forNoKeyUpdate(table as never) : query;
}

/**
 * Whether a column holds one of many keys, asked with a single parameter, so that 5,000 keys are one prepared
 * statement. Keys are ids and hashes: they hold no comma.
 */
export function isOneOf(db: HasAdapter, column: string, keys: string[]): RawBuilder<boolean> {
  return databaseKind(db) === 'sqlite'
    ? sql<boolean>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(keys)}))`
    : sql<boolean>`${sql.ref(column)} = any(string_to_array(${keys.join(',')}, ','))`;
}

/**
 * Many keys as a table: `value` is a key, and `place`, from 0 on, where it stood in the list. Like `isOneOf` one
 * statement for any number of keys, and what is joined to it is looked up in the order of the keys. The list stands in a
 * subquery of its own: knowing its length, PostgreSQL would plan anew for every list.
 */
export function keyTable(db: HasAdapter, list: string): RawBuilder<{ place: number; value: string }> {
  return databaseKind(db) === 'sqlite'
    ? sql`(select key as place, value from json_each(${list}))`
    : sql`(select place - 1 as place, value
        from unnest(string_to_array((select ${list}::text), ',')) with ordinality as each (value, place))`;
}

/** The keys as `keyTable` takes them. */
export function keyList(db: HasAdapter, keys: string[]): string {
  return databaseKind(db) === 'sqlite' ? JSON.stringify(keys) : keys.join(',');
}

/** One at a time through this gate until the transaction ends. SQLite has one writer at a time already. */
export async function passGate(tx: Tx, gate: number): Promise<void> {
  if (databaseKind(tx) === 'postgres') await sql`select pg_advisory_xact_lock(${gate})`.execute(tx);
}

/**
 * Keeps other acts about these keys away until the transaction ends, also where no row has the key yet. In the order of
 * the keys, so that two acts never wait for each other. SQLite has one writer at a time already.
 */
export async function lockKeys(tx: Tx, keys: string[]): Promise<void> {
  if (keys.length === 0 || databaseKind(tx) === 'sqlite') return;
  await sql`select pg_advisory_xact_lock(key) from (
    select distinct hashtextextended(value, 0) as key
    from unnest(string_to_array(${keys.join(',')}, ',')) as value order by key) as keys`.execute(tx);
}

/** Several workers take different rows. SQLite has one writer at a time and needs no lock. */
export function skipLocked<DB, TB extends keyof DB, O>(
  db: HasAdapter,
  query: SelectQueryBuilder<DB, TB, O>,
): SelectQueryBuilder<DB, TB, O> {
  return databaseKind(db) === 'postgres' ? query.forUpdate().skipLocked() : query;
}

/** The database has not had the migration that makes it. */
export function isMissingTable(error: unknown): boolean {
  const { code, message } = problemOf(error);
  return code === '42P01' || message.includes('no such table');
}

export function isUniqueViolation(error: unknown): boolean {
  const { code, message } = problemOf(error);
  return code === '23505' || (code === 'SQLITE_CONSTRAINT' && message.includes('UNIQUE constraint failed'));
}

/**
 * The database cannot be used at the moment, and the same may succeed a little later: it is away, shutting down, full or
 * busy, or the connection was lost. After a lost connection nobody knows whether a COMMIT was carried out.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let cause = error, depth = 0; cause && depth < 4; cause = (cause as Error).cause, depth++) {
    const { code, message } = problemOf(cause);
    if (unavailableCode.test(code) || unavailableMessage.test(message)) return true;
  }
  return false;
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html: connections, sign-in, a missing database, resources,
// conflicts and timeouts, operator intervention, the system; then SQLite's, and Node's for the way there.
const unavailableCode = new RegExp(
  `^(?:${[
    '08...|28...|3D000|53...|57P0.|58...|25006|25P03|40001|40P01|55P03|57014',
    'SQLITE_(?:BUSY|CANTOPEN|CORRUPT|FULL|IOERR|LOCKED|NOMEM|NOTADB|PROTOCOL|READONLY)',
    'ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENET(?:DOWN|UNREACH)',
  ].join('|')})$`,
);
const unavailableMessage =
  /^Connection terminated|^timeout exceeded when trying to connect|^Client (?:was closed|has encountered a connection error)|^Postgres connection has been discarded/;

function problemOf(error: unknown): { code: string; message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return { code: String(code ?? ''), message: String(message ?? '') };
}
