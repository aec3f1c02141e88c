import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyList, keyTable } from '#db/key-lists.ts';
import { selectTogether } from '#db/select-together.ts';
import { packRows, unpackRows } from '#src/decisions/scrub/packed-rows.ts';
import { databases, openDatabase, type TestDatabase } from '#tests/support/databases.ts';

describe.each(databases)('packRows on %s', (name) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openDatabase(name);
    const rows = ['a', 'b', 'ü'].map((key, count) => ({ key_hash: key, count, resets_at: 'later' }));
    await test.db.insertInto('rate_limits').values(rows).execute();
  });
  afterAll(() => test.close());

  async function linesFor(keys: string[]): Promise<string | null | undefined> {
    const { db } = test;
    const query = db
      .selectFrom(keyTable(db, keyList(db, keys)).as('keys'))
      .leftJoin('rate_limits', 'key_hash', 'keys.value')
      .select(['keys.place', 'count', 'resets_at']);
    const { rows } = await db.executeQuery(
      selectTogether(db, { lines: packRows(query, ['place', 'count', 'resets_at']) }).compile(),
    );
    return rows[0]?.lines;
  }

  it('gives a line for each row, with the place of its key, and nothing for null', async () => {
    const lines = (await linesFor(['ü', 'x', 'a', 'ü']))?.split('\n');
    expect(lines?.sort()).toEqual(['0|2|later', '1||', '2|0|later', '3|2|later']);
  });

  it('gives lines that can be unpacked into their fields', async () => {
    expect([...unpackRows(await linesFor(['ü', 'x']))].toSorted()).toEqual([
      ['0', '2', 'later'],
      ['1', '', ''],
    ]);
    expect([...unpackRows(null)]).toEqual([]);
  });

  it('gives null without rows', async () => {
    expect(await linesFor([])).toBeNull();
  });
});
