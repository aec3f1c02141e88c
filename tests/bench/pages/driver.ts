/**
 * The bare limit: the raw `sqlite3` driver, prepared statements and a shared commit written by hand,
 * with nothing of ours and nothing of Kysely's in between.
 */
import sqlite3, { type Database, type Statement } from 'sqlite3';

export interface BareCommitter {
  /** Writes the rows as one act and resolves when they are durable. */
  commit(rows: readonly string[][]): Promise<void>;
  close(): Promise<void>;
}

/** Rows have three columns; the first is the primary key. */
export async function bareCommitter(file: string): Promise<BareCommitter> {
  const database = await open(file);
  await exec(database, settings);
  const insert = database.prepare('INSERT INTO bare (id, kind, body) VALUES (?, ?, ?)');
  const waiting: Act[] = [];
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (waiting.length > 0) await commitTogether();
    working = undefined;
  }

  async function commitTogether(): Promise<void> {
    const batch: Act[] = [];
    const startedAt = performance.now();
    let act = waiting.shift();
    await exec(database, 'BEGIN IMMEDIATE; SAVEPOINT act');
    while (act) {
      for (const row of act.rows) await run(insert, row);
      batch.push(act);
      const full = batch.length === 128 || performance.now() - startedAt > 10;
      act = full ? undefined : waiting.shift();
      if (act) await exec(database, 'RELEASE act; SAVEPOINT act');
    }
    await exec(database, 'COMMIT');
    for (const { done } of batch) done();
  }

  return {
    commit: (rows) =>
      new Promise((done) => {
        waiting.push({ rows, done });
        working ??= work();
      }),
    async close() {
      await working;
      await new Promise((resolve) => insert.finalize(resolve));
      await new Promise((resolve) => database.close(resolve));
    },
  };
}

interface Act {
  rows: readonly string[][];
  done: () => void;
}

const settings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA wal_autocheckpoint = 4000;
  CREATE TABLE IF NOT EXISTS bare (id text PRIMARY KEY, kind text NOT NULL, body text NOT NULL);
`;

function open(file: string): Promise<Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(database)));
  });
}

function exec(database: Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    database.exec(sql, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}

function run(statement: Statement, row: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    statement.run(row, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}
