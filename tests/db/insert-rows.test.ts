import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import { gatherRows, insertRows } from '#db/insert-rows.ts';
import { databases, openDatabase, type TestDatabase } from '#tests/support/databases.ts';
import { job } from './jobs.ts';

const insertJobs = insertRows('jobs');

describe.each(databases)('insertRows on %s', (name) => {
  let test: TestDatabase;

  beforeEach(async () => {
    test = await openDatabase(name);
  });
  afterEach(() => test.close());

  it('shows its rows to what the transaction asks next', async () => {
    const seen = await test.db.transaction().execute(async (tx) => {
      await insertJobs(tx, [job('b'), job('a')]);
      return tx.selectFrom('jobs').select('name').orderBy('name').execute();
    });
    expect(seen).toEqual([{ name: 'a' }, { name: 'b' }]);
  });

  it('has written everything when the transaction ends, however many rows', async () => {
    const many = Array.from({ length: 57 }, (_, index) => job(`job-${index}`));
    await test.db.transaction().execute((tx) => insertJobs(tx, many));
    expect(await test.db.selectFrom('jobs').selectAll().execute()).toHaveLength(57);
  });

  it('writes nothing of a transaction that fails afterwards', async () => {
    const failing = test.db.transaction().execute(async (tx) => {
      await insertJobs(tx, [job('a')]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await test.db.selectFrom('jobs').selectAll().execute()).toEqual([]);
  });

  it('fails the transaction on a row that is there already, and names no value', async () => {
    const write = () => test.db.transaction().execute((tx) => insertJobs(tx, [job("it's mine")]));
    await write();
    const error = await write().catch((reason: Error) => reason);
    expect(isUniqueViolation(error)).toBe(true);
    expect(String(error)).not.toContain('mine');
    const jobs = await test.db.selectFrom('jobs').selectAll().execute();
    expect(jobs).toEqual([{ ...job("it's mine"), claimed_by: null }]);
  });

  it('gathers the rows of several acts, and writes them when told', async () => {
    const names = (tx: Tx) => tx.selectFrom('jobs').select('name').orderBy('name').execute();
    const seen = await test.db.transaction().execute(async (tx) => {
      const gathered = gatherRows(tx);
      for (const of of ['a', 'b']) await gathered.during(() => insertJobs(tx, [job(of)]));
      await expect(gathered.during(() => Promise.reject(new Error('an act failed')))).rejects.toThrow();
      await insertJobs(tx, [job('at once')]);
      const before = await names(tx);
      await gathered.write();
      await gathered.write();
      return [before, await names(tx)].map((rows) => rows.map((row) => row.name));
    });
    expect(seen).toEqual([['at once'], ['a', 'at once', 'b']]);
  });

  it('leaves neighbours in the same commit alone when one of them fails', async () => {
    await test.db.transaction().execute((tx) => insertJobs(tx, [job('taken')]));
    const names = ['a', 'taken', 'b', 'taken', 'c'];
    const write = (of: string) => test.db.transaction().execute((tx) => insertJobs(tx, [job(of)]));
    const outcomes = await Promise.allSettled(names.map(write));
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });
});
