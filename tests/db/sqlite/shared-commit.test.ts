import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '#db/connect.ts';
import { sqliteDialect } from '#db/sqlite/dialect.ts';
import { openSqliteFile, type SqliteFile } from '#db/sqlite/file.ts';
import { asNotes, createNotes, type Notes, type NotesDb, note, noteIds } from '../notes.ts';

const idleMillis = 30_000;
let folder: string;
let file: SqliteFile;
let db: NotesDb;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jawort-commit-'));
  file = await openSqliteFile(join(folder, 'notes.db'), { idleMillis });
  db = new Kysely<Notes>({ dialect: sqliteDialect(async () => file) });
  await createNotes(db);
});
afterEach(async () => {
  vi.useRealTimers();
  await db.destroy();
  rmSync(folder, { recursive: true });
});

function act(...ids: string[]): Promise<void> {
  return db.transaction().execute(async (tx) => {
    for (const id of ids) await tx.insertInto('notes').values(note(id)).execute();
  });
}

describe('writes at the same time', () => {
  // A commit takes no more in after some milliseconds, so on a busy machine there would be more of them.
  beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(0));

  it('share commits', async () => {
    const before = file.shared.commits;
    await Promise.all(Array.from({ length: 64 }, (_, i) => act(`${i}-a`, `${i}-b`)));
    expect(file.shared.commits - before).toBeLessThan(20);
    expect(await noteIds(db)).toHaveLength(128);
  });

  it('share them with writes outside a transaction', async () => {
    const before = file.shared.commits;
    const alone = (id: string) => db.insertInto('notes').values(note(id)).returning('id').execute();
    await Promise.all([alone('a'), act('b'), alone('c'), act('d'), alone('e')]);
    expect(file.shared.commits - before).toBe(1);
    expect(await noteIds(db)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('leave their neighbours alone when they fail', async () => {
    const alone = db.insertInto('notes').values(note('1-a'));
    const results = await Promise.allSettled([
      act('1-a', '1-b'),
      act('2-a', '2-b', '1-a'),
      act('3-a', '3-b'),
      alone.execute(),
      act('4-a', '4-b'),
    ]);
    const outcomes = results.map((result) => result.status);
    expect(outcomes).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await noteIds(db)).toEqual(['1-a', '1-b', '3-a', '3-b', '4-a', '4-b']);
  });

  it('are not answered before they are in the file', async () => {
    const other = asNotes(await connect(`sqlite:${file.path}`));
    const seen = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await act(`${i}`);
        return (await noteIds(other)).includes(`${i}`);
      }),
    );
    await other.destroy();
    expect(seen).not.toContain(false);
  });

  it('are all refused when the disk is full, and the next ones go on', async () => {
    await leavePages(2);
    const results = await Promise.allSettled([act('a'), large(db, 'b'), act('c')]);
    await leavePages(100_000);
    await act('d');

    const inFile = await noteIds(db);
    expect(results[1]).toMatchObject({ status: 'rejected', reason: { code: 'SQLITE_FULL' } });
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      expect(inFile.includes(id)).toBe(results[index]?.status === 'fulfilled');
    }
    expect(inFile).toContain('d');
  });

  it('write nothing at all when a transaction overlooks that the disk is full', async () => {
    await leavePages(2);
    const overlooking = db.transaction().execute(async (tx) => {
      await tx.insertInto('notes').values(note('a')).execute();
      await large(tx, 'b').catch(() => undefined);
      await tx.insertInto('notes').values(note('c')).execute();
    });
    await expect(overlooking).rejects.toThrow('SQLITE_FULL');
    expect(await noteIds(db)).toEqual([]);
  });
});

async function leavePages(count: number): Promise<void> {
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db);
  await sql.raw(`pragma max_page_count = ${Number(rows[0]?.page_count) + count}`).execute(db);
}

async function large(where: NotesDb, id: string): Promise<void> {
  await where
    .insertInto('notes')
    .values(note(id, 'x'.repeat(20_000)))
    .execute();
}

describe('a transaction', () => {
  it('that does nothing for long is rolled back, with a warning, and does not hold up others', async () => {
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { promise: morning, resolve: wakeUp } = Promise.withResolvers<void>();
    const asleep = db.transaction().execute(async (tx) => {
      await tx.insertInto('notes').values(note('asleep')).execute();
      vi.advanceTimersByTime(idleMillis);
      await morning;
      await tx.insertInto('notes').values(note('awake')).execute();
    });
    asleep.catch(() => undefined);
    await act('b');
    wakeUp();
    await expect(asleep).rejects.toThrow('did nothing for 30 s');
    expect(await noteIds(db)).toEqual(['b']);
    expect(warning).toHaveBeenCalledOnce();
  });

  it('may take longer than that as long as it does something', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await db.transaction().execute(async (tx) => {
      for (const id of ['a', 'b', 'c', 'd']) {
        await tx.insertInto('notes').values(note(id)).execute();
        vi.advanceTimersByTime(idleMillis / 2);
      }
    });
    expect(await noteIds(db)).toHaveLength(4);
  });

  it('takes in writes that it did not wait for, or refuses them, but never lets them out', async () => {
    const { late } = await db.transaction().execute(async (tx) => ({
      late: Promise.allSettled(
        ['a', 'b', 'c'].map((id) => tx.insertInto('notes').values(note(id)).execute()),
      ),
    }));
    const settled = await late;
    const written = ['a', 'b', 'c'].filter((_, i) => settled[i]?.status === 'fulfilled');
    expect(await noteIds(db)).toEqual(written);
  });

  it('cannot be begun by hand', async () => {
    await expect(sql`begin`.execute(db)).rejects.toThrow('Use db.transaction() instead');
  });
});

describe('another process', () => {
  it('that is writing is waited for', async () => {
    const other = await openSqliteFile(file.path);
    await other.writer.script(`begin immediate; insert into notes values ('other', '', 1)`);
    const waiting = act('a');
    await setTimeout(500);
    await other.writer.script('commit');
    await waiting;
    await other.writer.close();
    expect(await noteIds(db)).toEqual(['a', 'other']);
  });

  it('that is killed leaves every write that it answered, each as a whole', async () => {
    const crowd = fileURLToPath(new URL('crowd.ts', import.meta.url));
    const child = spawn(process.execPath, [crowd, `sqlite:${file.path}`]);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.length > 400) child.kill('SIGKILL');
    });
    await new Promise((ended) => child.once('close', ended));

    const answered = said.split('\n').slice(0, -1);
    const ids = new Set(await noteIds(db));
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
    expect(child.signalCode).toBe('SIGKILL');
    expect(answered.length).toBeGreaterThan(50);
    expect(answered.filter((id) => !ids.has(`${id}-a`) || !ids.has(`${id}-b`))).toEqual([]);
    expect([...ids].filter((id) => id.endsWith('-a')).every((id) => ids.has(id.replace('a', 'b')))).toBe(
      true,
    );
    expect(rows).toEqual([{ integrity_check: 'ok' }]);
  });
});

describe('prepared statements', () => {
  it('are kept, but not without end', async () => {
    for (let i = 0; i < 500; i++) {
      await sql.raw(`update notes set number = ${i}`).execute(db);
      await sql.raw(`select ${i} from notes`).execute(db);
    }
    expect(file.writer.statementCount).toBe(200);
  });

  it('do not make the memory grow', async () => {
    const write = (i: number) =>
      db
        .insertInto('notes')
        .values(note(`${i}`))
        .execute();
    const writeMany = async (from: number, to: number) => {
      for (let first = from; first < to; first += 500)
        await Promise.all(Array.from({ length: 500 }, (_, i) => write(first + i)));
    };
    // As many to begin with: by then the process is as large as its garbage makes it.
    await writeMany(0, 10_000);
    // What grows with the writes grows in each round; a heap that was enlarged does so once.
    const growths: number[] = [];
    for (let from = 10_000; from < 25_000; from += 5000) {
      const before = process.memoryUsage().rss;
      await writeMany(from, from + 5000);
      growths.push(process.memoryUsage().rss - before);
    }
    expect(Math.min(...growths)).toBeLessThan(30_000_000);
  });
});
