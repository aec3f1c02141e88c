import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { actViews } from './act-views.ts';
import { openConnection, type SqliteConnection } from './connection.ts';
import { execute } from './execute.ts';
import { type KeyedReads, keyedReads } from './keyed-reads.ts';
import { type Readers, readers, withReader } from './readers.ts';
import { type SharedCommit, sharedCommit } from './shared-commit.ts';

export interface SqliteFile {
  path: string;
  writer: SqliteConnection;
  shared: SharedCommit;
  readers: Readers;
  keyed: KeyedReads;
  /** How long a transaction may do nothing. */
  idleMillis: number;
}

const readerCount = 2;
const preparedStatements = 200;

/** Opens the file with one writer and a few readers. Creates it and its folder where they are missing. */
export async function openSqliteFile(path: string, { idleMillis = 30_000 } = {}): Promise<SqliteFile> {
  mkdirSync(dirname(path), { recursive: true });
  // A short busy timeout, because waiting inside SQLite blocks a thread of the pool. We retry instead.
  const writer = await openConnection(path, { mode: 'write', busyTimeoutMillis: 50, preparedStatements });
  await whenNotBusy(() => writer.script(writerSettings));
  const connections: SqliteConnection[] = [];
  for (let i = 0; i < readerCount; i++) connections.push(await openReader(path));
  const free = readers(connections);
  const keyed = keyedReads((query) => withReader(free, (reader) => execute(reader, query)));
  return { path, writer, shared: sharedCommit(writer, actViews(writer)), readers: free, keyed, idleMillis };
}

export function openReader(path: string): Promise<SqliteConnection> {
  return openConnection(path, { mode: 'read', busyTimeoutMillis: 5_000, preparedStatements });
}

export async function closeSqliteFile(file: SqliteFile): Promise<void> {
  await file.shared.close();
  await file.readers.close();
  await file.writer.close();
}

const writerSettings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA wal_autocheckpoint = 4000;
`;

/** Two processes that start on a new file at the same time both switch it to WAL mode, and one has to wait. */
async function whenNotBusy(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || attempt === 200) throw error;
      await setTimeout(25);
    }
  }
}
