import { existsSync } from 'node:fs';
import { type Dialect, Kysely, sql, type Transaction } from 'kysely';
import { problemOf } from './errors.ts';
import { forbidDbInTransaction } from './forbid-db-in-transaction.ts';
import type { Schema } from './schema/schema.ts';

export type Db = Kysely<Schema>;
/** A transaction: it sees its own writes. */
export type Tx = Transaction<Schema>;
/** What only reads: `db`, or a transaction. */
export type Reader = Pick<
  Db,
  'selectFrom' | 'selectNoFrom' | 'with' | 'executeQuery' | 'getExecutor' | 'isTransaction'
>;
/** Called first in a transaction. Throws when the process has lost the lease it works under, so that nothing is written. */
export type Fence = (tx: Tx) => Promise<void>;
export type DatabaseKind = 'sqlite' | 'postgres';

/** Connects to `sqlite:var/jawort.db` or `postgres://…`; only this folder knows the one from the other. */
export async function connect(url: string): Promise<Db> {
  const db = new Kysely<Schema>({ dialect: forbidDbInTransaction(await dialectFor(url)) });
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
  if (/^postgres(ql)?:\/\//.test(url)) return (await import('./postgres/dialect.ts')).postgresDialect(url);
  const path = sqlitePath(url);
  if (path) return openSqlite(path);
  throw new Error(`DATABASE_URL is "${withoutPassword(url)}". Use sqlite:path/to/file.db or postgres://….`);
}

async function openSqlite(path: string): Promise<Dialect> {
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
