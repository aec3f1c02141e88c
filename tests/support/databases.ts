import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { v7 as uuid } from 'uuid';
import { connect, type Db } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';

export type DatabaseName = 'sqlite' | 'postgres';
export type DatabaseUrl = { url: string; drop: () => Promise<void> };
export type TestDatabase = { db: Db; url: string; close: () => Promise<void> };

/** For `describe.each(databases)('… on %s', (name) => …)`: every database test runs on both. */
export const databases: DatabaseName[] = ['sqlite', 'postgres'];

/** A database of one's own with every table; `close` disconnects and drops it. */
export async function openDatabase(name: DatabaseName): Promise<TestDatabase> {
  const { url, drop } = await freshDatabaseUrl(name);
  const db = await connect(url);
  await migrate(db);
  const close = async () => {
    await db.destroy();
    await drop();
  };
  return { db, url, close };
}

/** The address of an empty database that nobody else uses. */
export function freshDatabaseUrl(name: DatabaseName): Promise<DatabaseUrl> {
  return name === 'sqlite' ? freshFile() : freshPostgres();
}

async function freshFile(): Promise<DatabaseUrl> {
  const folder = mkdtempSync(join(tmpdir(), 'jawort-sqlite-'));
  return {
    url: `sqlite:${join(folder, 'jawort.db')}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function freshPostgres(): Promise<DatabaseUrl> {
  const server = process.env.TEST_POSTGRES_URL;
  if (!server) {
    throw new Error('TEST_POSTGRES_URL is missing. Run tests with `npm run vitest -- run tests/….test.ts`.');
  }
  const database = `test_${uuid().replaceAll('-', '')}`;
  await ask(server, `CREATE DATABASE ${database}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  return { url: url.href, drop: () => ask(server, `DROP DATABASE ${database} WITH (FORCE)`) };
}

async function ask(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
