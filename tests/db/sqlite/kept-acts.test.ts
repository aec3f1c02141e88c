import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Db, Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import { sendLater } from '#db/later.ts';
import { assertUnchanged, isOptimistic, optimistically } from '#db/optimistic.ts';
import { preparedChange } from '#db/prepared.ts';
import { sqliteDialect } from '#db/sqlite/dialect.ts';
import { openSqliteFile, type SqliteFile } from '#db/sqlite/file.ts';
import { asNotes, createNotes, type NotesDb, note, noteIds } from '../notes.ts';

describe('an act that comes again and again', () => {
  let folder: string;
  let file: SqliteFile;
  let db: Db;
  let notes: NotesDb;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-kept-'));
    file = await openSqliteFile(join(folder, 'notes.db'));
    db = new Kysely({ dialect: sqliteDialect(async () => file) });
    notes = asNotes(db);
    await createNotes(notes);
  });
  afterEach(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true });
  });

  const insertNotes = insertRows('notes' as never) as (tx: Tx, rows: object[]) => Promise<void>;
  const rename = preparedChange((db, of: { id: string; body: string }) =>
    asNotes(db).updateTable('notes').set({ body: of.body }).where('id', '=', of.id),
  );

  const insert = (...rows: object[]) => optimistically(db, (tx) => insertNotes(tx, rows));

  async function views(): Promise<number> {
    const [row] = await file.writer.all<{ count: number }>(
      "SELECT count(*) AS count FROM temp.sqlite_master WHERE name LIKE 'kept_act%' AND type = 'view'",
      [],
    );
    return row?.count ?? 0;
  }

  /** Until the next one is carried out by its view. */
  async function untilKept(act: (round: number) => Promise<unknown>): Promise<void> {
    const before = await views();
    for (let round = 0; round < 10 && (await views()) === before; round++) await act(round);
    expect(await views()).toBe(before + 1);
  }

  it('stores every value as it would be stored written out', async () => {
    await sql`create table anything (kind text, as_text text, as_integer integer, as_it_is)`.execute(db);
    const write = insertRows('anything' as never) as (tx: Tx, rows: object[]) => Promise<void>;
    const values = ["it's; DROP TABLE events; --", 'a ? and NEW.v0', 'two\r\nlines;\n', '🌍 \u202e', ''];
    const all = [...values, null, 0, -1.5, 1e21, 42, Number.MAX_SAFE_INTEGER, Buffer.from([0, 255])];
    // The driver binds a great integer as a float, and only a column of integers turns it back.
    const elsewhere = (value: unknown) => (value === Number.MAX_SAFE_INTEGER ? null : value);
    const rowOf = (value: unknown) => ({
      as_text: elsewhere(value),
      as_integer: value,
      as_it_is: elsewhere(value),
    });
    const put = (kind: string, value: unknown) =>
      optimistically(db, (tx) => write(tx, [{ kind, ...rowOf(value) }]));
    // The first goes alone; those that come meanwhile share a script, which is written out.
    for (const value of all) await Promise.all(['first', 'written', 'third'].map((kind) => put(kind, value)));
    expect(await views()).toBe(1);
    for (const value of all) await put('kept', value);
    const stored = async (kind: string) =>
      sql`select as_text, typeof(as_text) a, as_integer, typeof(as_integer) b, as_it_is, typeof(as_it_is) c
        from anything where kind = ${kind} order by rowid`.execute(db);
    expect((await stored('kept')).rows).toEqual((await stored('written')).rows);
    expect((await stored('kept')).rows).toHaveLength(all.length);
  });

  it('leaves nothing of itself when it is refused, and the next ones go on', async () => {
    await untilKept((round) => insert(note(`${round}-a`), note(`${round}-b`)));
    const before = await noteIds(notes);
    await expect(insert(note('new'), note('0-a'))).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    expect(await noteIds(notes)).toEqual(before);
    await insert(note('x'), note('y'));
    expect(await noteIds(notes)).toEqual([...before, 'x', 'y']);
  });

  it('is done again when its row is gone, or what it hoped for is not so', async () => {
    await insert(note('there'));
    const runs: boolean[] = [];
    const act = (id: string, added: string) =>
      optimistically(db, async (tx) => {
        runs.push(isOptimistic(tx));
        await rename(tx, { id, body: added });
        if (isOptimistic(tx))
          await assertUnchanged(tx, sql<boolean>`not exists (select 1 from notes where id = ${added})`);
        await insertNotes(tx, [note(added === 'taken' ? 'other' : added)]);
      });
    await untilKept((round) => act('there', `${round}`));
    await insert(note('taken'));
    runs.length = 0;
    await act('there', 'good');
    await act('gone', 'bad');
    await act('there', 'taken');
    expect(runs).toEqual([true, true, false, true, false]);
    expect(await noteIds(notes)).toEqual(expect.arrayContaining(['good', 'bad', 'other']));
    expect(await notes.selectFrom('notes').select('body').where('id', '=', 'there').execute()).toEqual([
      { body: 'taken' },
    ]);
  });

  it('is written out where a trigger cannot hold it, or has a question mark of its own', async () => {
    const odd = [
      (id: string) =>
        sql`with new as (select ${id} as id) insert into notes select id, 'text', null from new`,
      (id: string) => sql`insert into notes values (${id}, 'really?', null)`,
    ];
    for (const [kind, write] of odd.entries()) {
      for (let round = 0; round < 10; round++) {
        const act = () =>
          optimistically(db, (tx) => sendLater(tx, write(`${kind}-${round}`).compile(tx) as never));
        if (kind === 0) await act();
        else await expect(act()).rejects.toThrow('not every ?');
      }
    }
    expect(await views()).toBe(0);
    expect(await noteIds(notes)).toHaveLength(10);
  });

  it('goes on while others share their commits, after the schema has changed, and beside another process', async () => {
    await untilKept((round) => insert(note(`${round}`)));
    await Promise.all(Array.from({ length: 30 }, (_, i) => insert(note(`crowd-${i}`))));
    const other = await openSqliteFile(file.path);
    await other.writer.script('ALTER TABLE notes ADD COLUMN more text');
    await insert(note('wider'));
    await other.writer.script('BEGIN IMMEDIATE');
    const act = insert(note('patient'));
    setTimeout(() => void other.writer.script('COMMIT'), 150);
    await act;
    await other.writer.close();
    expect(await noteIds(notes)).toEqual(expect.arrayContaining(['crowd-29', 'wider', 'patient']));
  });

  it('is forgotten when others were used since', async () => {
    const sizes = Array.from({ length: 60 }, (_, index) => index + 1);
    for (const size of sizes) {
      for (let round = 0; round < 7; round++) {
        await insert(...Array.from({ length: size }, (_, i) => note(`${size}-${round}-${i}`)));
      }
    }
    expect(await views()).toBeLessThan(30);
    expect(await noteIds(notes)).toHaveLength(sizes.reduce((sum, size) => sum + size * 7, 0));
  });

  it('is kept anew after thousands that came only once', async () => {
    await untilKept((round) => insert(note(`before-${round}`)));
    for (let i = 0; i < 2100; i++) {
      const once = sql`insert into notes values (${`${i}`}, ${sql.lit(`text ${i}`)}, null)`;
      await optimistically(db, (tx) => sendLater(tx, once.compile(tx) as never));
    }
    expect(await views()).toBe(0);
    await untilKept((round) => insert(note(`after-${round}`)));
    await insert(note('last'));
    expect(await noteIds(notes)).toEqual(expect.arrayContaining(['2099', 'last']));
  });
});
