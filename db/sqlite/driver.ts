import { setTimeout } from 'node:timers/promises';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { type Act, beginAct, writeAlone } from './act.ts';
import { openConnection, type SqliteConnection } from './connection.ts';
import { execute, streamRows } from './execute.ts';
import { type Readers, readers } from './readers.ts';
import { type SharedCommit, sharedCommit } from './shared-commit.ts';
import { statementKind } from './statement-kind.ts';

export interface SqliteFile {
  path: string;
  writer: SqliteConnection;
  readers: Readers;
  shared: SharedCommit;
}

/** Light-weight: it takes a reader or its turn on the writer when it knows which one it needs. */
interface Session extends DatabaseConnection {
  act?: Act | undefined;
}

/**
 * Kysely's driver over the asynchronous `sqlite3`. Reads run on readers beside the writer; whatever
 * writes takes its turn in the shared commit.
 */
export function sqliteDriver(open: () => Promise<SqliteFile>): Driver {
  let file: SqliteFile;

  return {
    async init() {
      file = await open();
    },
    async acquireConnection() {
      return session(file);
    },
    async beginTransaction(connection: Session, { accessMode }) {
      connection.act =
        accessMode === 'read only' ? await beginSnapshot(file) : await beginAct(file.writer, file.shared);
    },
    async commitTransaction(connection: Session) {
      await actOf(connection).commit();
      connection.act = undefined;
    },
    async rollbackTransaction(connection: Session) {
      await actOf(connection).rollback();
      connection.act = undefined;
    },
    savepoint: (connection, name) => actOf(connection).script(`savepoint ${quoted(name)}`),
    rollbackToSavepoint: (connection, name) => actOf(connection).script(`rollback to ${quoted(name)}`),
    releaseSavepoint: (connection, name) => actOf(connection).script(`release ${quoted(name)}`),
    async releaseConnection() {},
    async destroy() {
      await file.shared.close();
      await file.readers.close();
      await file.writer.close();
    },
  };
}

function session(file: SqliteFile): Session {
  return {
    executeQuery(query) {
      return this.act ? this.act.execute(query) : executeOutside(file, query);
    },
    streamQuery(query, chunkSize) {
      return this.act ? this.act.stream(query, chunkSize) : streamOutside(file, query, chunkSize);
    },
  } satisfies Session as Session;
}

async function executeOutside<R>(file: SqliteFile, query: CompiledQuery): Promise<QueryResult<R>> {
  if (statementKind(query) !== 'read') return writeAlone(file.writer, file.shared, query);
  const reader = await file.readers.take();
  try {
    return await execute(reader, query);
  } finally {
    file.readers.giveBack(reader);
  }
}

/** A stream lasts as long as its reader is slow, so it gets a connection of its own. */
async function* streamOutside<R>(
  file: SqliteFile,
  query: CompiledQuery,
  chunkSize: number,
): AsyncIterableIterator<QueryResult<R>> {
  const reader = await openReader(file.path);
  try {
    yield* streamRows<R>(reader, query, chunkSize);
  } finally {
    await reader.close();
  }
}

/** A transaction that only reads sees one state of the database and never waits for the writer. */
async function beginSnapshot(file: SqliteFile): Promise<Act> {
  const reader = await file.readers.take();
  await reader.script('BEGIN');
  const end = async () => {
    await reader.script('ROLLBACK');
    file.readers.giveBack(reader);
  };
  return {
    execute: (query) => execute(reader, query),
    stream: (query, chunkSize) => streamRows(reader, query, chunkSize),
    script: (sql) => reader.script(sql),
    commit: end,
    rollback: end,
  };
}

function actOf(connection: Session): Act {
  if (!connection.act) throw new Error('There is no transaction on this connection.');
  return connection.act;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Opens the file with one writer and a few readers. */
export async function openSqliteFile(path: string, readerCount = 2): Promise<SqliteFile> {
  const writer = await openConnection(path, {
    mode: 'write',
    busyTimeoutMillis: 50,
    preparedStatements: 200,
  });
  await whenNotBusy(() => writer.script(writerSettings));
  const connections: SqliteConnection[] = [];
  for (let i = 0; i < readerCount; i++) connections.push(await openReader(path));
  return { path, writer, readers: readers(connections), shared: sharedCommit(writer) };
}

function openReader(path: string): Promise<SqliteConnection> {
  return openConnection(path, { mode: 'read', busyTimeoutMillis: 5_000, preparedStatements: 200 });
}

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

const writerSettings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA wal_autocheckpoint = 4000;
`;
