import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPacked } from '#db/read-packed.ts';
import { databases, openDatabase, type TestDatabase } from '#tests/support/databases.ts';

describe.each(databases)('readPacked on %s', (name) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openDatabase(name);
    const rows = ['a', 'b"\\\n', 'ü'].map((key, count) => ({ key_hash: key, count, resets_at: 'later' }));
    await test.db.insertInto('rate_limits').values(rows).execute();
  });
  afterAll(() => test.close());

  it('gives the rows that the query itself gives, whatever is in them', async () => {
    const query = test.db
      .selectFrom('rate_limits as one')
      .leftJoin('rate_limits as next', (join) => join.on(sql<boolean>`"next"."count" = "one"."count" + 1`))
      .select(['one.key_hash', 'one.count', 'next.key_hash as next_hash', 'next.count as next_count'])
      .orderBy('one.count');
    const packed = await readPacked(test.db, query, ['key_hash', 'count', 'next_hash', 'next_count']);
    expect(packed).toEqual(await query.execute());
    expect(packed).toHaveLength(3);
  });

  it('gives no row where there is none', async () => {
    const query = test.db.selectFrom('rate_limits').select('key_hash').where('count', '>', 3);
    expect(await readPacked(test.db, query, ['key_hash'])).toEqual([]);
  });
});
