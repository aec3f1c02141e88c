import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { type Db, databaseKind } from './connect.ts';
import { isMissingTable } from './errors.ts';
import { migrations } from './migrations/index.ts';

/**
 * Brings the database up to date: all pending migrations in one transaction, so they are there as a
 * whole or not at all. Several processes may start at once; one migrates, the others wait for it.
 */
export async function migrate(db: Db, known = migrations): Promise<{ applied: string[] }> {
  return db.connection().execute(async (connection) => {
    const restoreTimeouts = await liftTimeouts(connection);
    try {
      const migrator = new Migrator({ db: connection, provider: { getMigrations: async () => known } });
      const { error, results = [] } = await migrator.migrateToLatest();
      if (error) throw error;
      return { applied: results.map((result) => result.migrationName) };
    } finally {
      await restoreTimeouts();
    }
  });
}

/** The migrations that this version of Jawort has and the database has not. Cheap enough for a probe. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const applied = await appliedMigrations(db);
  return Object.keys(migrations).filter((name) => !applied.has(name));
}

async function appliedMigrations(db: Db): Promise<Set<string>> {
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
    return new Set(rows.map((row) => row.name));
  } catch (error) {
    if (isMissingTable(error)) return new Set();
    throw error;
  }
}

/** A migration may take longer than any request, and so may waiting for another process to end one. */
async function liftTimeouts(db: Db): Promise<() => Promise<void>> {
  if (databaseKind(db) !== 'postgres') return async () => undefined;
  const before = await sql<{ name: string; setting: string }>`
    select name, current_setting(name) as setting from pg_settings
    where name in ('statement_timeout', 'idle_in_transaction_session_timeout')`.execute(db);
  const set = async (name: string, setting: string) => {
    await sql`select set_config(${name}, ${setting}, false)`.execute(db);
  };
  for (const { name } of before.rows) await set(name, '0');
  return async () => {
    for (const { name, setting } of before.rows) await set(name, setting);
  };
}
