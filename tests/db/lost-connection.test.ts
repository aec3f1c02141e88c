/** A PostgreSQL that goes away and comes back: what was under way fails and says so, and what comes next works. */
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Db } from '#db/connect.ts';
import { isDatabaseUnavailable } from '#db/errors.ts';
import { type PostgresServer, runOnce, startPostgres } from '#tests/support/postgres.ts';
import { asNotes, type NotesDb, note, noteIds } from './notes.ts';

describe('a lost connection to PostgreSQL', () => {
  let postgres: PostgresServer;
  let connected: Db;
  let db: NotesDb;

  beforeAll(async () => {
    postgres = await startPostgres();
    connected = await connect(`${postgres.url}?pool=2`);
    db = asNotes(connected);
    await sql`create table notes (id text primary key, body text not null, number integer)`.execute(db);
  });
  beforeEach(() => db.deleteFrom('notes').execute());
  afterAll(async () => {
    await connected.destroy();
    await postgres.stop();
  });

  /** Ends every session of ours, as an administrator or a failover does. */
  async function terminateAll(): Promise<void> {
    await runOnce(
      postgres.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'jawort'`,
    );
  }

  async function errorOf(work: Promise<unknown>): Promise<unknown> {
    return work.then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  it('between two queries of a transaction fails the transaction', async () => {
    const lost = db.transaction().execute(async (tx) => {
      await tx.insertInto('notes').values(note('a')).execute();
      await terminateAll();
      await wait(50);
      await tx.insertInto('notes').values(note('b')).execute();
    });
    expect(isDatabaseUnavailable(await errorOf(lost))).toBe(true);
    expect(await noteIds(db)).toEqual([]);
  });

  it('during COMMIT is no success', async () => {
    await sql`create function wait_a_second() returns trigger language plpgsql as
      $$ begin perform pg_sleep(1); return null; end $$`.execute(db);
    await sql`create constraint trigger slow_commit after insert on notes deferrable initially deferred
      for each row execute function wait_a_second()`.execute(db);
    const committing = db.transaction().execute((tx) => tx.insertInto('notes').values(note('a')).execute());
    const failed = errorOf(committing);
    await wait(300);
    await terminateAll();
    expect(isDatabaseUnavailable(await failed)).toBe(true);
    await sql`drop trigger slow_commit on notes`.execute(db);
    expect(await noteIds(db)).toEqual([]);
  });

  it('ends a stream with an error, and gives its connection back', async () => {
    await db
      .insertInto('notes')
      .values(Array.from({ length: 50 }, (_, index) => note(`n${index}`)))
      .execute();
    const streamLost = async () => {
      for await (const _ of db.selectFrom('notes').selectAll().stream(1)) await terminateAll();
    };
    // More often than the pool has connections.
    for (let round = 0; round < 3; round++) {
      expect(isDatabaseUnavailable(await errorOf(streamLost()))).toBe(true);
    }
    expect(await noteIds(db)).toHaveLength(50);
  });

  it('is noticed by whoever asks while the server is down, and by nobody afterwards', async () => {
    await Promise.all([noteIds(db), noteIds(db)]);
    await postgres.down();
    for (let round = 0; round < 3; round++) {
      expect(isDatabaseUnavailable(await errorOf(noteIds(db)))).toBe(true);
    }
    await postgres.up();
    expect(await noteIds(db)).toEqual([]);
  });
});
