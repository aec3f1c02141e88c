import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretMatches, storeSecretCheck } from '#src/people/secret-check.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('the check of APP_SECRET on %s', (name) => {
  let test: TestApp;
  const other = deriveKeys('another secret of this test, long enough');
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  it('takes any secret while nothing was encrypted', async () => {
    expect(await secretMatches(test.app.db, other)).toBe(true);
  });

  it('opens what is there where no check value was kept, as in a database of an earlier release', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    expect(await secretMatches(test.app.db, other)).toBe(false);
    expect(await secretMatches(test.app.db, test.app.keys)).toBe(true);
  });

  it('knows the secret by the check value, when everybody in it is erased as well', async () => {
    const { db, keys, now } = test.app;
    await storeSecretCheck(db, keys, now());
    await storeSecretCheck(db, other, now());
    expect([await secretMatches(db, keys), await secretMatches(db, other)]).toEqual([true, false]);
  });

  it('is not led astray by one broken row', async () => {
    for (const email of ['alice@example.org', 'bob@example.org'])
      await signUp(test.app, email, ['product-news:email']);
    const first = test.app.db.selectFrom('people').select('id').orderBy('id').limit(1);
    await test.app.db.updateTable('people').set({ key_wrapped: 'broken' }).where('id', '=', first).execute();
    expect(await secretMatches(test.app.db, test.app.keys)).toBe(true);
    expect(await secretMatches(test.app.db, other)).toBe(false);
  });

  it('reads a database that has not had the migration', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    await test.app.db.schema.dropTable('secret_check').execute();
    expect(await secretMatches(test.app.db, other)).toBe(false);
    expect(await secretMatches(test.app.db, test.app.keys)).toBe(true);
  });
});
