import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Db, Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import { sendLater } from '#db/later.ts';
import { assertUnchanged, isOptimistic, optimistically, requireExclusive } from '#db/optimistic.ts';
import { preparedChange } from '#db/prepared.ts';
import { sqliteDialect } from '#db/sqlite/dialect.ts';
import { openSqliteFile, type SqliteFile } from '#db/sqlite/file.ts';
import { databases, openDatabase, type TestDatabase } from '#tests/support/databases.ts';
import { job } from './jobs.ts';
import { asNotes, createNotes, type NotesDb, note, noteIds } from './notes.ts';

const insertJobs = insertRows('jobs');

const rewrite = preparedChange((db, of: { id: string }) =>
  asNotes(db).updateTable('notes').set({ body: 'other' }).where('id', '=', of.id),
);

describe.each(databases)('an optimistic act on %s', (name) => {
  let test: TestDatabase;

  beforeEach(async () => {
    test = await openDatabase(name);
  });
  afterEach(() => test.close());

  const jobs = async () => {
    const rows = await test.db.selectFrom('jobs').select('name').orderBy('name').execute();
    return rows.map((row) => row.name);
  };

  /** Runs it and says whether each run was optimistic. */
  async function runsOf(act: (tx: Tx, run: number) => Promise<void>): Promise<boolean[]> {
    const runs: boolean[] = [];
    await optimistically(test.db, async (tx) => {
      runs.push(isOptimistic(tx));
      await act(tx, runs.length);
    });
    return runs;
  }

  const hopedAndDone = name === 'sqlite' ? [true] : [false];
  const hopedInVain = name === 'sqlite' ? [true, false] : [false];

  it('reads, then writes', async () => {
    const runs = await runsOf(async (tx) => {
      const known = await tx.selectFrom('jobs').select('name').execute();
      await insertJobs(tx, [job(`job-${known.length}`)]);
    });
    expect(runs).toEqual(hopedAndDone);
    expect(await jobs()).toEqual(['job-0']);
  });

  it('is done again when it reads where it has written, and sees it then', async () => {
    const seen: string[] = [];
    const runs = await runsOf(async (tx) => {
      await insertJobs(tx, [job('a')]);
      const rows = await tx.selectFrom('jobs').select('name').execute();
      seen.push(...rows.map((row) => row.name));
    });
    expect(runs).toEqual(hopedInVain);
    expect(seen).toEqual(['a']);
    expect(await jobs()).toEqual(['a']);
  });

  it('may read elsewhere after it has written', async () => {
    const runs = await runsOf(async (tx) => {
      await insertJobs(tx, [job('a')]);
      await tx.selectFrom('purposes').select('id').execute();
    });
    expect(runs).toEqual(hopedAndDone);
  });

  it('is done again when it asks for the result of a write', async () => {
    const runs = await runsOf(async (tx) => {
      await tx.insertInto('jobs').values(job('a')).returning('name').execute();
    });
    expect(runs).toEqual(hopedInVain);
    expect(await jobs()).toEqual(['a']);
  });

  it('is done again when it has to be careful', async () => {
    expect(await runsOf(async (tx) => requireExclusive(tx))).toEqual(hopedInVain);
  });

  it('is done again, with nothing written, when another one was there first', async () => {
    const write = async (tx: Tx) => {
      const taken = await tx.selectFrom('jobs').select('name').where('name', '=', 'a').execute();
      await insertJobs(tx, [
        job(`other-${Math.random()}`),
        job(taken.length > 0 ? `b-${Math.random()}` : 'a'),
      ]);
    };
    const acts = Array.from({ length: 9 }, () =>
      optimistically(test.db, write).catch(() => optimistically(test.db, write)),
    );
    await Promise.all(acts);
    const all = await jobs();
    expect(all).toHaveLength(18);
    expect(all.filter((name) => name === 'a')).toHaveLength(1);
  });

  it('writes nothing when it fails', async () => {
    const failing = optimistically(test.db, async (tx) => {
      await insertJobs(tx, [job('a')]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await jobs()).toEqual([]);
  });

  it('fails with what the database says when being careful does not help', async () => {
    await insertTogether(test.db, 'a');
    await expect(insertTogether(test.db, 'a')).rejects.toThrow(/unique/i);
    expect(await jobs()).toEqual(['a']);
  });
});

describe('an optimistic act on SQLite', () => {
  let folder: string;
  let file: SqliteFile;
  let notes: NotesDb;
  let db: Db;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-hope-'));
    file = await openSqliteFile(join(folder, 'notes.db'));
    notes = new Kysely({ dialect: sqliteDialect(async () => file) });
    db = notes as never;
    await createNotes(notes);
  });
  afterEach(async () => {
    await notes.destroy();
    rmSync(folder, { recursive: true });
  });

  const insertNotes = insertRows('notes' as never) as (tx: Tx, rows: object[]) => Promise<void>;

  it('takes one trip and one commit, with all that wait for the writer', async () => {
    const before = file.shared.commits;
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        optimistically(db, (tx) => insertNotes(tx, [note(`${i}-a`), note(`${i}-b`)])),
      ),
    );
    expect(file.shared.commits - before).toBeLessThanOrEqual(2);
    expect(await noteIds(notes)).toHaveLength(80);
  });

  it('leaves its neighbours alone when it is refused, and keeps nothing of itself', async () => {
    await optimistically(db, (tx) => insertNotes(tx, [note('taken')]));
    const ids = ['a', 'taken', 'b', 'c', 'taken', 'd'];
    const results = await Promise.allSettled(
      ids.map((id, i) => optimistically(db, (tx) => insertNotes(tx, [note(`first-${i}`), note(id)]))),
    );
    expect(results.map(({ status }) => status)).toEqual(
      ids.map((id) => (id === 'taken' ? 'rejected' : 'fulfilled')),
    );
    expect(await noteIds(notes)).toEqual([
      'a',
      'b',
      'c',
      'd',
      'first-0',
      'first-2',
      'first-3',
      'first-5',
      'taken',
    ]);
  });

  it('fails alone when a value of it cannot be written, and the next ones go on', async () => {
    const ids = ['a', 'b\0', 'c'];
    const acts = ids.map((id) => optimistically(db, (tx) => insertNotes(tx, [note(id)])));
    const results = await Promise.allSettled(acts);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await optimistically(db, (tx) => insertNotes(tx, [note('d')]));
    expect(await noteIds(notes)).toEqual(['a', 'c', 'd']);
  });

  it('fails alone when a statement of it makes no sense', async () => {
    const ids = ['a', 'b', 'c', 'nonsense', 'd', 'e', 'f'];
    const results = await Promise.allSettled(
      ids.map((id) =>
        optimistically(db, async (tx) => {
          await insertNotes(tx, [note(id)]);
          if (id === 'nonsense') await sendLater(tx, sql`insert into nowhere values (1)`.compile(tx));
        }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(
      ids.map((id) => (id === 'nonsense' ? 'rejected' : 'fulfilled')),
    );
    expect(results[3]).toMatchObject({ reason: { message: expect.stringContaining('nowhere') } });
    expect(await noteIds(notes)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('is done again when what it hoped for is not so, or its row is gone', async () => {
    const runs: string[] = [];
    const act = (name: string, hope: (tx: Tx) => Promise<void>) =>
      optimistically(db, async (tx) => {
        runs.push(`${name} ${isOptimistic(tx)}`);
        if (isOptimistic(tx)) await hope(tx);
        await insertNotes(tx, [note(name)]);
      });
    await act('good', (tx) => assertUnchanged(tx, sql<boolean>`not exists (select 1 from notes)`));
    await act('bad', (tx) => assertUnchanged(tx, sql<boolean>`not exists (select 1 from notes)`));
    await act('found', (tx) => rewrite(tx, { id: 'good' }));
    await act('gone', (tx) => rewrite(tx, { id: 'nobody' }));
    expect(runs).toEqual(['good true', 'bad true', 'bad false', 'found true', 'gone true', 'gone false']);
    expect(await noteIds(notes)).toEqual(['bad', 'found', 'gone', 'good']);
  });

  it('shares the writer with ordinary acts', async () => {
    const ordinary = (id: string) =>
      notes.transaction().execute(async (tx) => {
        await tx.insertInto('notes').values(note(id)).execute();
      });
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        i % 3 === 0 ? ordinary(`o-${i}`) : optimistically(db, (tx) => insertNotes(tx, [note(`s-${i}`)])),
      ),
    );
    expect(await noteIds(notes)).toHaveLength(30);
  });

  it('refuses what is written after its end', async () => {
    let late: Tx | undefined;
    await optimistically(db, async (tx) => {
      late = tx;
      await insertNotes(tx, [note('in time')]);
    });
    await expect(insertNotes(late as Tx, [note('late')])).rejects.toThrow();
    expect(await noteIds(notes)).toEqual(['in time']);
  });

  it('waits for another process that is writing', async () => {
    const other = await openSqliteFile(file.path);
    await other.writer.script('BEGIN IMMEDIATE');
    const act = optimistically(db, (tx) => insertNotes(tx, [note('patient')]));
    setTimeout(() => void other.writer.script('COMMIT'), 150);
    await act;
    await other.writer.close();
    expect(await noteIds(notes)).toEqual(['patient']);
  });
});

function insertTogether(db: Db, ...names: string[]): Promise<void> {
  return optimistically(db, (tx) => insertJobs(tx, names.map(job)));
}
