import sqlite3, { type Database, type RunResult, type Statement } from 'sqlite3';
import { finalize, prepare, statementCache } from './statements.ts';

export interface SqliteConnection {
  all<R>(sql: string, parameters: readonly unknown[]): Promise<R[]>;
  run(sql: string, parameters: readonly unknown[]): Promise<{ changes: number; lastId: number }>;
  /** Several statements without parameters, in one trip to the thread pool. */
  script(sql: string): Promise<void>;
  /** The rows as they are now, a chunk at a time. */
  chunks<R>(sql: string, parameters: readonly unknown[], size: number): AsyncIterableIterator<R[]>;
  /** How many statements are prepared at the moment. */
  readonly statementCount: number;
  close(): Promise<void>;
}

export interface OpenOptions {
  mode: 'read' | 'write';
  busyTimeoutMillis: number;
  preparedStatements: number;
}

/** One connection to the file. It runs one statement at a time; who shares it has to take turns. */
export async function openConnection(path: string, options: OpenOptions): Promise<SqliteConnection> {
  const database = await open(path, options.mode);
  database.configure('busyTimeout', options.busyTimeoutMillis);
  const statements = statementCache(database, options.preparedStatements);

  return {
    async all(sql, parameters) {
      try {
        return await all(await statements.prepared(sql), parameters);
      } catch (error) {
        throw explained(error, sql);
      }
    },
    async run(sql, parameters) {
      try {
        return await run(await statements.prepared(sql), parameters);
      } catch (error) {
        throw explained(error, sql);
      }
    },
    async script(sql) {
      try {
        await exec(database, sql);
      } catch (error) {
        throw explained(error, sql);
      }
    },
    async *chunks(sql, parameters, size) {
      try {
        yield* pages(database, sql, parameters, size);
      } catch (error) {
        throw explained(error, sql);
      }
    },
    get statementCount() {
      return statements.size;
    },
    async close() {
      await statements.finalizeAll();
      await close(database);
    },
  };
}

function open(path: string, mode: OpenOptions['mode']): Promise<Database> {
  const flags = mode === 'read' ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, flags, (error) => {
      if (!error) return resolve(database);
      reject(new Error(`The SQLite file ${path} cannot be opened: ${error.message}`, { cause: error }));
    });
  });
}

function close(database: Database): Promise<void> {
  return new Promise((resolve, reject) => {
    database.close((error) => (error ? reject(error) : resolve()));
  });
}

function exec(database: Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    database.exec(sql, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}

function all<R>(statement: Statement, parameters: readonly unknown[]): Promise<R[]> {
  return new Promise((resolve, reject) => {
    statement.all<R>(parameters, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}

function run(
  statement: Statement,
  parameters: readonly unknown[],
): Promise<{ changes: number; lastId: number }> {
  return new Promise((resolve, reject) => {
    statement.run(parameters, function (this: RunResult, error: Error | null) {
      if (error) reject(error);
      else resolve({ changes: this.changes, lastId: this.lastID });
    });
  });
}

/**
 * The driver either steps row by row, which takes a trip to the thread pool for each, or hands over
 * everything at once. So SQLite first writes the result to a temporary table, and we page through
 * that. It also keeps a slow consumer from holding on to an old state of the database.
 */
async function* pages<R>(
  database: Database,
  sql: string,
  parameters: readonly unknown[],
  size: number,
): AsyncIterableIterator<R[]> {
  const table = `temp.stream_${++streams}`;
  const fill = await prepare(database, `CREATE TEMP TABLE ${table} AS ${sql}`);
  await run(fill, parameters).finally(() => finalize(fill));
  const page = await prepare(database, `SELECT * FROM ${table} WHERE rowid > ? AND rowid <= ?`);
  try {
    for (let seen = 0, full = true; full; seen += size) {
      const rows = await all<R>(page, [seen, seen + size]);
      if (rows.length > 0) yield rows;
      full = rows.length === size;
    }
  } finally {
    await finalize(page);
    await exec(database, `DROP TABLE IF EXISTS ${table}`);
  }
}

let streams = 0;

/** The driver's errors come without a stack and without the SQL. Values are left out on purpose. */
function explained(cause: unknown, sql: string): Error {
  const { message, code, errno } = cause as Error & { code?: string; errno?: number };
  return Object.assign(new Error(`${message} in: ${sql}`, { cause }), { code, errno });
}
