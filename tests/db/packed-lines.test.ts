import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyList, keyTable } from '#db/key-lists.ts';
import { packedLines, packedTogether, unpackedLines } from '#db/packed-lines.ts';
import { databases, openDatabase, type TestDatabase } from '#tests/support/databases.ts';

describe.each(databases)('packedLines on %s', (name) => {
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
      .selectFrom(keyTable(db, keyList(db, keys)).as('asked'))
      .leftJoin('rate_limits', 'key_hash', 'asked.value')
      .select(['asked.place', 'count', 'resets_at']);
    const lines = packedLines(query, ['place', 'count', 'resets_at']);
    const { rows } = await db.executeQuery(packedTogether(db, { lines }).compile());
    return rows[0]?.lines;
  }

  it('gives a line for each row, with the place of its key, and nothing for null', async () => {
    const lines = (await linesFor(['ü', 'x', 'a', 'ü']))?.split('\n');
    expect(lines?.sort()).toEqual(['0|2|later', '1||', '2|0|later', '3|2|later']);
  });

  it('gives several texts by one statement, which come apart again', async () => {
    const { db } = test;
    const counts = db.selectFrom('rate_limits').select(['key_hash', 'count']).orderBy('count');
    const none = counts.where('count', '>', 9);
    const { rows } = await db.executeQuery(
      packedTogether(db, {
        some: packedLines(counts.limit(2), ['key_hash', 'count']),
        none: packedLines(none, ['count']),
      }).compile(),
    );
    expect([...unpackedLines(rows[0]?.some)]).toEqual([
      ['a', '0'],
      ['b', '1'],
    ]);
    expect([...unpackedLines(rows[0]?.none)]).toEqual([]);
  });

  it('gives no text where there is no row', async () => {
    expect(await linesFor([])).toBeNull();
  });
});
