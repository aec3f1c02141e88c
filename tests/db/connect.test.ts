import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, databaseKind } from '#db/connect.ts';
import { isDatabaseUnavailable, isUniqueViolation } from '#db/errors.ts';
import { skipLocked } from '#db/locks.ts';
import { databases, openDatabase } from '#tests/support/databases.ts';
import { asNotes, freshNotes, type NotesDb, note, noteIds } from './notes.ts';

describe.each(databases)('connect on %s', (name) => {
  let db: NotesDb;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    ({ db, drop } = await freshNotes(name));
  });
  beforeEach(() => db.deleteFrom('notes').execute());
  afterAll(() => drop());

  it('knows its kind, also inside a transaction', async () => {
    expect(databaseKind(db)).toBe(name);
    await db.transaction().execute(async (tx) => expect(databaseKind(tx)).toBe(name));
  });

  it('reads what was written and answered', async () => {
    for (let i = 0; i < 50; i++) {
      await db
        .insertInto('notes')
        .values(note(`n${i}`))
        .execute();
      expect(await noteIds(db)).toHaveLength(i + 1);
    }
  });

  it('counts what a write changed and returns rows', async () => {
    await db
      .insertInto('notes')
      .values([note('a'), note('b')])
      .execute();
    const updated = await db.updateTable('notes').set({ body: 'new' }).executeTakeFirst();
    const returned = await db.deleteFrom('notes').where('id', '=', 'a').returning(['id', 'body']).execute();
    expect(updated.numUpdatedRows).toBe(2n);
    expect(returned).toEqual([{ id: 'a', body: 'new' }]);
  });

  it('answers counts and sums as numbers', async () => {
    await db
      .insertInto('notes')
      .values([
        { ...note('a'), number: 2_000_000_000 },
        { ...note('b'), number: 2_000_000_000 },
      ])
      .execute();
    const { n, sum } = await db
      .selectFrom('notes')
      .select(({ fn }) => [fn.countAll().as('n'), fn.sum('number').as('sum')])
      .executeTakeFirstOrThrow();
    expect({ n, sum }).toEqual({ n: 2, sum: 4_000_000_000 });
  });

  it('commits a transaction as a whole', async () => {
    const seen = await db.transaction().execute(async (tx) => {
      await tx.insertInto('notes').values(note('a')).execute();
      await tx.insertInto('notes').values(note('b')).execute();
      return noteIds(tx);
    });
    expect(seen).toEqual(['a', 'b']);
    expect(await noteIds(db)).toEqual(['a', 'b']);
  });

  it('rolls back a transaction that throws, and throws its error', async () => {
    const failing = db.transaction().execute(async (tx) => {
      await tx.insertInto('notes').values(note('a')).execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await noteIds(db)).toEqual([]);
  });

  it('keeps nothing of writes that were started together when one of them fails', async () => {
    const failing = db
      .transaction()
      .execute((tx) =>
        Promise.all(
          ['a', 'a', 'b', 'c', 'd', 'e'].map((id) => tx.insertInto('notes').values(note(id)).execute()),
        ),
      );
    await expect(failing).rejects.toSatisfy(isUniqueViolation);
    expect(await noteIds(db)).toEqual([]);
  });

  it('tells a unique violation from other errors', async () => {
    await db.insertInto('notes').values(note('a')).execute();
    const twice = db.insertInto('notes').values(note('a')).execute();
    const withoutBody = sql`insert into notes (id) values ('b')`.execute(db);
    await expect(twice).rejects.toSatisfy(isUniqueViolation);
    await expect(withoutBody).rejects.not.toSatisfy(isUniqueViolation);
  });

  it.each([
    ['a Date', new Date()],
    ['of the type boolean', true],
    ['of the type bigint', 1n],
    ['a Object', {}],
  ])('refuses to store what is %s', async (what, value) => {
    const writing = sql`insert into notes values ('a', ${value}, 1)`.execute(db);
    await expect(writing).rejects.toThrow(`is ${what}, which cannot be stored`);
  });

  it('fails at once when `db` is used inside its own transaction', async () => {
    const writing = () => db.insertInto('notes').values(note('a')).execute();
    await expect(db.transaction().execute(writing)).rejects.toThrow('use `tx` there');
    const reading = () => noteIds(db);
    await expect(db.transaction().execute(reading)).rejects.toThrow('use `tx` there');
    expect(await noteIds(db)).toEqual([]);
  });

  it('lets a transaction follow another in the same act', async () => {
    for (const id of ['a', 'b']) {
      await db.transaction().execute((tx) => tx.insertInto('notes').values(note(id)).execute());
      await db.updateTable('notes').set({ body: 'new' }).where('id', '=', id).execute();
    }
    expect(await noteIds(db)).toEqual(['a', 'b']);
  });

  it('rolls back to a savepoint', async () => {
    const tx = await db.startTransaction().execute();
    await tx.insertInto('notes').values(note('a')).execute();
    const inner = await tx.savepoint('inner').execute();
    await inner.insertInto('notes').values(note('b')).execute();
    await inner.rollbackToSavepoint('inner').execute();
    await inner.releaseSavepoint('inner').execute();
    await tx.commit().execute();
    expect(await noteIds(db)).toEqual(['a']);
  });

  it('sees one state in a transaction that only reads, and cannot write there', async () => {
    const reading = db.transaction().setAccessMode('read only').setIsolationLevel('repeatable read');
    const tx = reading.execute(async (tx) => {
      const before = await noteIds(tx);
      await outside(() => db.insertInto('notes').values(note('a')).execute());
      return [before, await noteIds(tx)];
    });
    expect(await tx).toEqual([[], []]);
    expect(await noteIds(db)).toEqual(['a']);
    const writing = reading.execute((tx) => tx.insertInto('notes').values(note('b')).execute());
    await expect(writing).rejects.toThrow(/read-?only/);
  });

  it('gives waiting workers different rows', async () => {
    await db
      .insertInto('notes')
      .values([note('a'), note('b')])
      .execute();
    const claim = () =>
      db.transaction().execute(async (tx) => {
        const first = tx.selectFrom('notes').select('id').where('body', '=', 'text').orderBy('id').limit(1);
        const row = await skipLocked(tx, first).executeTakeFirst();
        if (row) await tx.updateTable('notes').set({ body: 'taken' }).where('id', '=', row.id).execute();
        return row?.id;
      });
    expect((await Promise.all([claim(), claim()])).sort()).toEqual(['a', 'b']);
  });

  it('streams many rows', async () => {
    await sql`insert into notes with recursive n(i) as
      (select 1 union all select i + 1 from n where i < 100000) select 'n' || i, 'text', i from n`.execute(
      db,
    );
    let count = 0;
    for await (const row of db.selectFrom('notes').selectAll().orderBy('number').stream({ chunkSize: 500 })) {
      count += 1;
      expect(row.number).toBe(count);
    }
    expect(count).toBe(100_000);
  });

  it('stops a stream that nobody reads on', async () => {
    await db
      .insertInto('notes')
      .values([note('a'), note('b'), note('c')])
      .execute();
    for await (const { id } of db.selectFrom('notes').select('id').orderBy('id').stream({ chunkSize: 1 })) {
      expect(id).toBe('a');
      break;
    }
    await db.insertInto('notes').values(note('d')).execute();
    expect(await noteIds(db)).toHaveLength(4);
  });
});

describe('connect to postgres', () => {
  it('goes on after its connections were lost', async () => {
    const { db, url, drop } = await freshNotes('postgres');
    const other = asNotes(await connect(url));
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(other);
    await other.destroy();
    await expect.poll(() => noteIds(db).catch(() => 'not yet')).toEqual([]);
    await drop();
  });
});

/** As another request would do it: not in the scope of the transaction around it. */
function outside<T>(work: () => Promise<T>): Promise<T> {
  return otherRequest(work);
}

const otherRequest = AsyncLocalStorage.snapshot();

describe('connect', () => {
  it('says what is wrong with an address it does not know', async () => {
    await expect(connect('mysql://jawort:secret@host/db')).rejects.toThrow(
      'DATABASE_URL is "mysql://jawort:…@host/db". Use sqlite:path/to/file.db or postgres://….',
    );
    await expect(connect('sqlite:')).rejects.toThrow('Use sqlite:path/to/file.db');
    await expect(connect('sqlite::memory:')).rejects.toThrow('SQLite has to be a file');
    await expect(connect('postgres://jawort@127.0.0.1/x?pool=many')).rejects.toThrow('pool');
  });

  it('says when the database is not there', async () => {
    const refused = connect('postgres://jawort@127.0.0.1:1/x');
    await expect(refused).rejects.toThrow('The database postgres://jawort@127.0.0.1:1/x cannot be used');
    await expect(connect('sqlite:/dev/null/jawort.db')).rejects.toThrow('cannot be used');
  });

  it.each([
    { code: 'ECONNREFUSED' },
    { code: '57P01' },
    { code: '53300' },
    { code: '55P03' },
    { code: 'SQLITE_BUSY' },
    { code: 'SQLITE_FULL' },
    { code: 'SQLITE_IOERR' },
    new Error('Connection terminated unexpectedly'),
    new Error('Client has encountered a connection error and is not queryable'),
    new Error('a reader cannot be opened', { cause: { code: 'SQLITE_CANTOPEN' } }),
  ])('recognises a database that cannot be used: %j', (error) => {
    expect(isDatabaseUnavailable(error)).toBe(true);
  });

  it.each([{ code: '23505' }, { code: 'SQLITE_CONSTRAINT' }, new Error('anything'), undefined])(
    'takes no other error for that: %j',
    (error) => {
      expect(isDatabaseUnavailable(error)).toBe(false);
    },
  );
});

it('keeps its limits of time on every connection to PostgreSQL, and after a migration', async () => {
  const test = await openDatabase('postgres');
  const read = () =>
    sql<{ name: string; setting: string }>`
      select name, current_setting(name) as setting from pg_settings
      where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'jit')
      order by name`.execute(test.db);
  try {
    for (const { rows } of await Promise.all(Array.from({ length: 10 }, read))) {
      expect(rows.map(({ setting }) => setting)).toEqual(['30s', 'off', '10s', '30s']);
    }
  } finally {
    await test.close();
  }
});
