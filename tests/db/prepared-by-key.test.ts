import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KeyedQuery, keyParameter } from '#db/driver-queries.ts';
import { insertRows } from '#db/insert-rows.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import { execute } from '#db/sqlite/execute.ts';
import { openSqliteFile, type SqliteFile } from '#db/sqlite/file.ts';
import { keyedReads } from '#db/sqlite/keyed-reads.ts';
import { databases, openDatabase, type TestDatabase } from '#tests/support/databases.ts';
import { job } from './jobs.ts';

let compiled = 0;

const jobsCalled = preparedByKey((db, isAsked) => {
  compiled += 1;
  return db.selectFrom('jobs').select(['name as asked', 'name', 'due_at']).where(isAsked('name'));
});

const insertJobs = insertRows('jobs');

describe.each(databases)('a query by key on %s', (name) => {
  let test: TestDatabase;

  beforeEach(async () => {
    test = await openDatabase(name);
    await test.db.transaction().execute((tx) => insertJobs(tx, ['a', 'b\'s, "c"', 'd'].map(job)));
  });
  afterEach(() => test.close());

  it('finds the rows of its key, and says nothing of how', async () => {
    expect(await jobsCalled(test.db, 'b\'s, "c"')).toEqual([
      { name: 'b\'s, "c"', due_at: expect.any(String) },
    ]);
    expect(await jobsCalled(test.db, 'a,d')).toEqual([]);
  });

  it('is compiled once', async () => {
    await jobsCalled(test.db, 'a');
    const before = compiled;
    await Promise.all(['a', 'd', 'x'].map((key) => jobsCalled(test.db, key)));
    expect(compiled).toBe(before);
  });

  it('answers everybody who asks at once for themselves', async () => {
    const keys = Array.from({ length: 500 }, (_, index) => ['a', 'd', `nobody ${index}`][index % 3] ?? '');
    const found = await Promise.all(keys.map((key) => jobsCalled(test.db, key)));
    expect(found.map((rows) => rows.map((row) => row.name))).toEqual(
      keys.map((key) => (key.startsWith('nobody') ? [] : [key])),
    );
  });

  it('finds nothing under what no text can hold, and the others find theirs', async () => {
    const found = await Promise.all(['a', 'a\0', '\ud800', 'd'].map((key) => jobsCalled(test.db, key)));
    expect(found.map((rows) => rows.map((row) => row.name))).toEqual([['a'], [], [], ['d']]);
  });

  it('hands each of them rows of their own', async () => {
    const [one, other] = await Promise.all([jobsCalled(test.db, 'a'), jobsCalled(test.db, 'a')]);
    Object.assign(one[0] ?? {}, { name: 'changed' });
    expect(other[0]?.name).toBe('a');
  });

  it('sees what was committed before it was asked', async () => {
    const seen = [];
    for (const key of ['x', 'y', 'z']) {
      await test.db.transaction().execute((tx) => insertJobs(tx, [job(key)]));
      const [[own]] = await Promise.all([jobsCalled(test.db, key), jobsCalled(test.db, 'a')]);
      seen.push(own?.name);
    }
    expect(seen).toEqual(['x', 'y', 'z']);
  });

  it('sees in a transaction what that has written itself', async () => {
    const found = await test.db.transaction().execute(async (tx) => {
      await insertJobs(tx, [job('own')]);
      return jobsCalled(tx, 'own');
    });
    expect(found).toHaveLength(1);
  });
});

describe('reads by key on SQLite', () => {
  let folder: string;
  let file: SqliteFile;
  let trips: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-keyed-'));
    file = await openSqliteFile(join(folder, 'keyed.db'));
    await file.writer.script(
      "create table notes (id text primary key); insert into notes values ('a'), ('b')",
    );
    trips = [];
  });
  afterEach(async () => {
    await file.shared.close();
    await file.readers.close();
    await file.writer.close();
    rmSync(folder, { recursive: true });
  });

  const counted = () =>
    keyedReads((query) => {
      trips.push(String(query.parameters[0]));
      return execute(file.writer, query);
    });

  it('share a trip among those who wait', async () => {
    const reads = counted();
    const found = await Promise.all(['a', 'b', 'c', 'b', 'a'].map((key) => reads.ask(askFor('notes', key))));
    expect(found.map(({ rows }) => rows.length)).toEqual([1, 1, 0, 1, 1]);
    expect(trips).toEqual(['["a"]', '["b","c","a"]']);
  });

  it('fail together, and go on for those who come after', async () => {
    const reads = counted();
    const failed = await Promise.allSettled(['a', 'b', 'c'].map((key) => reads.ask(askFor('later', key))));
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await file.writer.script("create table later (id text primary key); insert into later values ('a')");
    expect((await reads.ask(askFor('later', 'a'))).rows).toEqual([{ asked: 'a' }]);
  });
});

function askFor(table: string, key: string): KeyedQuery {
  const sql = `select id as asked from ${table} where id in (select value from json_each(?))`;
  return {
    sql,
    key,
    parameters: [keyParameter([key])],
    query: { kind: 'RawNode' },
    queryId: { queryId: key },
  } as never;
}
