import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openConnection, type SqliteConnection } from './connection.ts';
import { execute } from './execute.ts';
import { keptActs } from './kept-acts.ts';
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

/** Opens the file, and makes it and its folder if need be, with one writer and a few readers. */
export async function openSqliteFile(path: string, { idleMillis = 30_000 } = {}): Promise<SqliteFile> {
  mkdirSync(dirname(path), { recursive: true });
  // A short busy time-out, since who waits in SQLite waits in the thread pool; the retries are ours.
  const writer = await openConnection(path, { mode: 'write', busyTimeoutMillis: 50, preparedStatements });
  await whenNotBusy(() => writer.script(writerSettings));
  const connections: SqliteConnection[] = [];
  for (let i = 0; i < readerCount; i++) connections.push(await openReader(path));
  const free = readers(connections);
  const keyed = keyedReads((query) => withReader(free, (reader) => execute(reader, query)));
  return { path, writer, shared: sharedCommit(writer, keptActs(writer)), readers: free, keyed, idleMillis };
}

export function openReader(path: string): Promise<SqliteConnection> {
  return openConnection(path, { mode: 'read', busyTimeoutMillis: 5_000, preparedStatements });
}

export async function closeSqliteFile(file: SqliteFile): Promise<void> {
  await file.shared.close();
  await file.readers.close();
  await file.writer.close();
}

/** `insert into expected select CONDITION` fails unless the condition holds, and writes nothing. */
const expectedView = `
  CREATE TEMP VIEW expected (met) AS SELECT 1;
  CREATE TEMP TRIGGER expected_is_met INSTEAD OF INSERT ON expected WHEN NEW.met IS NOT 1
    BEGIN SELECT RAISE(ABORT, 'what was expected is no longer so'); END;
`;

const writerSettings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA wal_autocheckpoint = 4000;
  ${expectedView}
`;

/** Two processes that start on a new file at once both want to turn it into WAL mode. */
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
