import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Dialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { openSqliteFile, sqliteDriver } from './driver.ts';

/** SQLite for a server: shared commits, prepared statements that are kept, readers beside the writer. */
export function sqliteDialect(path: string): Dialect {
  return {
    createDriver: () =>
      sqliteDriver(() => {
        mkdirSync(dirname(path), { recursive: true });
        return openSqliteFile(path);
      }),
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
