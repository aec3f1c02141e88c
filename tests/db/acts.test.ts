import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Act, type Attempts, actCounts, defineAct, needsTransaction, performAct } from '#db/acts.ts';
import type { Db } from '#db/connect.ts';
import { sqliteDialect } from '#db/sqlite/dialect.ts';
import { openSqliteFile, type SqliteFile } from '#db/sqlite/file.ts';
import { declareInsert, declareWrite, type WriteTarget } from '#db/writes.ts';
import { databases, openDatabase, type TestDatabase } from '#tests/support/databases.ts';
import { job } from './jobs.ts';
import { asNotes, createNotes, type NotesDb, note, noteIds } from './notes.ts';

const insertJobs = declareInsert('jobs', ['name', 'due_at', 'claimed_until', 'last_run_at', 'last_outcome']);
const claimJob = declareWrite(
  (db, of: { name: string; at: string }) =>
    db
      .updateTable('jobs')
      .set({ claimed_until: of.at })
      .where('name', '=', of.name)
      .where('claimed_until', 'is', null),
  { changesOne: true },
);
/** Refused when there are more than two jobs afterwards. */
const addOneOfTwo = declareWrite(
  (db, of: { name: string; most: number }) =>
    db.insertInto('jobs').values({ name: of.name, due_at: '2026-01-01' }),
  {
    unless: (db, of) =>
      db
        .selectFrom('jobs')
        .select((eb) => eb.fn.countAll().as('count'))
        .having((eb) => eb(eb.fn.countAll(), '>', of.most)),
  },
);
const jobsAct = defineAct('jobs', [claimJob, addOneOfTwo, insertJobs]);

describe.each(databases)('an act on %s', (name) => {
  let test: TestDatabase;

  beforeEach(async () => {
    test = await openDatabase(name);
  });
  afterEach(() => test.close());

  const jobs = async () => {
    const rows = await test.db.selectFrom('jobs').select('name').orderBy('name').execute();
    return rows.map((row) => row.name);
  };

  /** Runs it with the same writes in every attempt, and says how each went. */
  async function runsOf(write: (to: WriteTarget, run: number) => Promise<unknown>): Promise<string[]> {
    let run = 0;
    const before = actCounts(test.db).reduce((sum, { count }) => sum + count, 0);
    await performAct(test.db, jobsAct, {
      attempt: (_, rows) => write(rows, ++run),
      exclusively: (tx) => write(tx, ++run),
    } as Attempts<unknown>);
    const outcomes = actCounts(test.db).flatMap(({ outcome, count }) => Array(count).fill(outcome));
    return outcomes.slice(before);
  }

  const first = name === 'sqlite' ? ['done'] : ['transaction'];
  const third = name === 'sqlite' ? ['changed', 'changed', 'transaction'] : ['transaction'];

  it('reads, then writes', async () => {
    const result = await performAct(test.db, jobsAct, {
      async attempt(reader, rows) {
        const known = await reader.selectFrom('jobs').select('name').execute();
        await insertJobs(rows, [job(`job-${known.length}`)]);
        return 'read';
      },
      async exclusively(tx) {
        await insertJobs(tx, [job('job-0')]);
        return 'read';
      },
    });
    expect(result).toBe('read');
    expect(await jobs()).toEqual(['job-0']);
  });

  it('commits its rows in the order in which it is declared', async () => {
    const write = async (to: WriteTarget) => {
      await insertJobs(to, [job('b'), job('a')]);
      await claimJob(to, { name: 'c', at: 'now' });
    };
    await test.db.insertInto('jobs').values(job('c')).execute();
    expect(await runsOf(write)).toEqual(first);
    expect(await jobs()).toEqual(['a', 'b', 'c']);
  });

  it('writes nothing at all when there is nothing to write', async () => {
    expect(await runsOf(async () => undefined)).toEqual(name === 'sqlite' ? [] : ['transaction']);
  });

  it('runs in a transaction when an attempt asks for it', async () => {
    const done = await performAct(test.db, jobsAct, {
      async attempt(_, rows) {
        await insertJobs(rows, [job('attempt')]);
        return needsTransaction;
      },
      async exclusively(tx) {
        await insertJobs(tx, [job('transaction')]);
        return 'exclusively';
      },
    });
    expect(done).toBe('exclusively');
    expect(await jobs()).toEqual(['transaction']);
  });

  it('starts again when a row to change is gone, and fails when it stays away', async () => {
    const write = (to: WriteTarget) => claimJob(to, { name: 'gone', at: 'now' });
    await expect(runsOf(write)).rejects.toThrow('Something changed');
    expect(actCounts(test.db).map(({ outcome, count }) => [outcome, count])).toEqual(
      name === 'sqlite'
        ? [
            ['changed', 2],
            ['transaction', 1],
          ]
        : [['transaction', 1]],
    );
  });

  it('claims once, however many try at the same time', async () => {
    await test.db.insertInto('jobs').values(job('one')).execute();
    const claims = Array.from({ length: 9 }, (_, i) =>
      runsOf((to) => claimJob(to, { name: 'one', at: `${i}` })),
    );
    const settled = await Promise.allSettled(claims);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is refused by what it must not lead to, with nothing written', async () => {
    await test.db.insertInto('jobs').values(['a', 'b'].map(job)).execute();
    const write = async (to: WriteTarget) => {
      await insertJobs(to, [job(`beside-${Math.random()}`)]);
      await addOneOfTwo(to, { name: 'c', most: 2 });
    };
    await expect(runsOf(write)).rejects.toThrow('Something changed');
    expect(await jobs()).toEqual(['a', 'b']);
    expect(await runsOf((to) => addOneOfTwo(to, { name: 'c', most: 3 }))).toEqual(first);
  });

  it('starts again when another one was there first, and reads what that has written', async () => {
    const act = () =>
      performAct(test.db, jobsAct, {
        async attempt(reader, rows) {
          const taken = await reader.selectFrom('jobs').select('name').where('name', '=', 'a').execute();
          await insertJobs(rows, [job(taken.length > 0 ? `b-${Math.random()}` : 'a')]);
          return taken.length;
        },
        async exclusively(tx) {
          const taken = await tx.selectFrom('jobs').select('name').where('name', '=', 'a').execute();
          await insertJobs(tx, [job(taken.length > 0 ? `b-${Math.random()}` : 'a')]);
          return taken.length;
        },
      });
    await Promise.all(Array.from({ length: 9 }, act));
    const all = await jobs();
    expect(all).toHaveLength(9);
    expect(all.filter((one) => one === 'a')).toHaveLength(1);
  });

  it('writes nothing when the use case fails', async () => {
    const failing = runsOf(async (to) => {
      await insertJobs(to, [job('a')]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await jobs()).toEqual([]);
  });

  it('fails with what the database says when the third time does not help', async () => {
    await runsOf((to) => insertJobs(to, [job('a')]));
    const before = actCounts(test.db);
    await expect(runsOf((to) => insertJobs(to, [job('a')]))).rejects.toThrow(/unique/i);
    expect(actCounts(test.db).length - before.length).toBe(name === 'sqlite' ? third.length - 1 : 0);
    expect(await jobs()).toEqual(['a']);
  });
});

describe('acts on SQLite', () => {
  let folder: string;
  let file: SqliteFile;
  let notes: NotesDb;
  let db: Db;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-acts-'));
    file = await openSqliteFile(join(folder, 'notes.db'));
    notes = new Kysely({ dialect: sqliteDialect(async () => file) });
    db = notes as never;
    await createNotes(notes);
  });
  afterEach(async () => {
    await notes.destroy();
    rmSync(folder, { recursive: true });
  });

  const insertNotes = declareInsert('notes' as never, ['id', 'body', 'number'] as never);
  const notesAct = defineAct('notes', [insertNotes]);

  /** Fails instead of running as a transaction. */
  function put(act: Act, write: (to: WriteTarget) => Promise<void>): Promise<void> {
    return performAct(db, act, {
      attempt: (_, rows) => write(rows),
      exclusively: () => Promise.reject(new Error('refused twice')),
    });
  }

  const putNotes = (...rows: object[]) => put(notesAct, (to) => insertNotes(to, rows as never));

  it('that wait for the writer together share a commit', async () => {
    const before = file.shared.commits;
    await Promise.all(Array.from({ length: 40 }, (_, i) => putNotes(note(`${i}-a`), note(`${i}-b`))));
    expect(file.shared.commits - before).toBeLessThanOrEqual(2);
    expect(await noteIds(notes)).toHaveLength(80);
  });

  it('leave their neighbours alone when they are refused, and keep nothing of themselves', async () => {
    await putNotes(note('taken'));
    const ids = ['a', 'taken', 'b', 'c', 'taken', 'd'];
    const results = await Promise.allSettled(ids.map((id, i) => putNotes(note(`first-${i}`), note(id))));
    expect(results.map(({ status }) => status)).toEqual(
      ids.map((id) => (id === 'taken' ? 'rejected' : 'fulfilled')),
    );
    const kept = ['a', 'b', 'c', 'd', 'first-0', 'first-2', 'first-3', 'first-5', 'taken'];
    expect(await noteIds(notes)).toEqual(kept);
  });

  it('fail alone when a value cannot be stored, and the next ones go on', async () => {
    const bodies = ['a', 'b\0', new Date(), Buffer.from('bytes'), Number.NaN, undefined, 'c'];
    const results = await Promise.allSettled(bodies.map((body, i) => putNotes({ ...note(`${i}`), body })));
    expect(results.map(({ status }) => status)).toEqual(
      bodies.map((body) => (body === 'a' || body === 'c' ? 'fulfilled' : 'rejected')),
    );
    expect(await noteIds(notes)).toEqual(['0', '6']);
  });

  it('store every value as an ordinary insert stores it', async () => {
    await sql`create table anything (kind text, as_text text, as_integer integer, as_it_is)`.execute(db);
    const columns = ['kind', 'as_text', 'as_integer', 'as_it_is'];
    const insertAnything = declareInsert('anything' as never, columns as never);
    const act = defineAct('anything', [insertAnything]);
    const texts = [
      "it's; DROP TABLE events; --",
      'a ? and NEW.v0',
      'two\r\nlines;\n',
      '🌍 \u202e',
      '',
      '\ud800',
    ];
    const values = [...texts, '"[1,2]"', null, 0, -1.5, 1e21, 42, 2 ** 31, '007', '1e3'];
    const rowsOf = (kind: string) =>
      values.map((value) => ({ kind, as_text: value, as_integer: value, as_it_is: value }));
    await put(act, (to) => insertAnything(to, rowsOf('act') as never));
    for (const row of rowsOf('ordinary')) await asAny(db).insertInto('anything').values(row).execute();
    const stored = async (kind: string) =>
      sql`select as_text, typeof(as_text) a, as_integer, typeof(as_integer) b, as_it_is, typeof(as_it_is) c
        from anything where kind = ${kind} order by rowid`.execute(db);
    const [ours, ordinary] = [(await stored('act')).rows, (await stored('ordinary')).rows];
    expect(ours).toHaveLength(values.length);
    // The driver binds a whole number as a float where it is larger than 32 bits, and only a column of integers undoes that.
    const withoutKind = (rows: unknown[]) => rows.filter((_, index) => values[index] !== 2 ** 31);
    expect(withoutKind(ours)).toEqual(withoutKind(ordinary));
  });

  it('share the writer with transactions', async () => {
    const ordinary = (id: string) =>
      notes.transaction().execute(async (tx) => {
        await tx.insertInto('notes').values(note(id)).execute();
      });
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? ordinary(`o-${i}`) : putNotes(note(`s-${i}`)))),
    );
    expect(await noteIds(notes)).toHaveLength(30);
  });

  it('refuse a write that they do not declare', async () => {
    const other = declareInsert('notes' as never, ['id'] as never);
    await expect(put(notesAct, (to) => other(to, [{ id: 'x' }] as never))).rejects.toThrow(
      'does not declare',
    );
  });

  it('go on after the schema has changed, and wait for another process that is writing', async () => {
    await putNotes(note('before'));
    const other = await openSqliteFile(file.path);
    await other.writer.script('ALTER TABLE notes ADD COLUMN more text');
    await putNotes(note('wider'));
    await other.writer.script('BEGIN IMMEDIATE');
    const act = putNotes(note('patient'));
    setTimeout(() => void other.writer.script('COMMIT'), 150);
    await act;
    await other.writer.close();
    expect(await noteIds(notes)).toEqual(['before', 'patient', 'wider']);
  });
});

function asAny(db: Db): Kysely<Record<string, Record<string, unknown>>> {
  return asNotes(db) as never;
}
