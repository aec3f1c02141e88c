import { type Dialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { sqliteDriver } from './driver.ts';
import type { SqliteFile } from './file.ts';

/** SQLite for a server: shared commits, prepared statements that are kept, readers beside the writer. */
export function sqliteDialect(open: () => Promise<SqliteFile>): Dialect {
  return {
    createDriver: () => sqliteDriver(open),
    createAdapter: () => new SharedSqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** Kysely's own would hand out one connection at a time and run migrations without a transaction. */
class SharedSqliteAdapter extends SqliteAdapter {
  readonly databaseKind = 'sqlite';

  override get supportsMultipleConnections(): boolean {
    return true;
  }

  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
