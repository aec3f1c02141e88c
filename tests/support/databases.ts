import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { connect, type Db } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';
import { runOnce } from './postgres.ts';

export type DatabaseName = 'sqlite' | 'postgres';
export type DatabaseUrl = { url: string; drop: () => Promise<void> };
export type TestDatabase = { db: Db; url: string; close: () => Promise<void> };

/** For `describe.each(databases)('… on %s', (name) => …)`: every database test runs on both, but for `npm run test:unit`. */
export const databases: DatabaseName[] =
  process.env.TEST_DATABASES === 'sqlite' ? ['sqlite'] : ['sqlite', 'postgres'];

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

/**
 * A copy of a database that `fill` made once for this file of tests: copying takes a fraction of the time that
 * migrating and filling do.
 */
export async function openFilledDatabase(
  name: DatabaseName,
  fill: (db: Db) => Promise<void>,
): Promise<TestDatabase> {
  let template = templates.get(name);
  if (!template) {
    template = makeTemplate(name, fill);
    templates.set(name, template);
  }
  const { url, drop } =
    name === 'sqlite' ? await copyFile(await template) : await freshPostgres(await template);
  const db = await connect(url);
  const close = async () => {
    await db.destroy();
    await drop();
  };
  return { db, url, close };
}

const templates = new Map<DatabaseName, Promise<DatabaseUrl>>();

async function makeTemplate(name: DatabaseName, fill: (db: Db) => Promise<void>): Promise<DatabaseUrl> {
  const template = await freshDatabaseUrl(name);
  if (name === 'sqlite') templateFolders.push(dirname(template.url.slice('sqlite:'.length)));
  const db = await connect(template.url);
  await migrate(db);
  await fill(db);
  await db.destroy();
  return template;
}

// The server that tests bring up ends with them, and its databases with it; files are taken away here.
process.once('exit', () => {
  for (const folder of templateFolders) rmSync(folder, { recursive: true, force: true });
});

const templateFolders: string[] = [];

async function copyFile(template: DatabaseUrl): Promise<DatabaseUrl> {
  const copy = await freshFile();
  // Closing the last connection has put everything into the file itself.
  copyFileSync(template.url.slice('sqlite:'.length), copy.url.slice('sqlite:'.length));
  return copy;
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

async function freshPostgres(template?: DatabaseUrl): Promise<DatabaseUrl> {
  const server = await postgresUrl();
  const database = `test_${uuid().replaceAll('-', '')}`;
  const from = template ? ` TEMPLATE ${new URL(template.url).pathname.slice(1)}` : '';
  await runOnce(server, `CREATE DATABASE ${database}${from}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  return {
    url: url.href,
    drop: async () => void (await runOnce(server, `DROP DATABASE ${database} WITH (FORCE)`)),
  };
}

/** The server of this run; the first test that needs it waits for its start. */
async function postgresUrl(): Promise<string> {
  const { TEST_POSTGRES_URL: url, TEST_POSTGRES_OFFER: offer } = process.env;
  if (url) return url;
  if (!offer)
    throw new Error('There is no PostgreSQL. Run tests with `npm run vitest -- run tests/….test.ts`.');
  const response = await fetch(offer);
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  process.env.TEST_POSTGRES_URL = answer;
  return answer;
}
