import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetOldCounts } from '#src/jobs/forget-old-counts.ts';
import { describeSignup } from '#src/signups/describe-signup.ts';
import { expireSignups } from '#src/signups/expire-signups.ts';
import { purgeSignups } from '#src/signups/purge-signups.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { resendByToken } from '#src/signups/resend-confirmation.ts';
import {
  aClient,
  confirmationsTo,
  newestToken,
  openTestApp,
  signUp,
  type TestApp,
} from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';

describe.each(databases)('the link of a deleted request on %s', (name) => {
  let test: TestApp;

  beforeEach(async () => {
    test = await openTestApp(name);
    await signUp(test.app, alice, ['product-news:email']);
  });
  afterEach(() => test.close());

  const purge = async (days = 8) => {
    test.pass({ days });
    await expireSignups(test.app);
    await purgeSignups(test.app);
    expect(await test.app.db.selectFrom('signups').select('id').execute()).toEqual([]);
  };

  it('is still known as one of ours, with the form and the language', async () => {
    const token = await newestToken(test.app, alice);
    await purge();
    expect(await describeSignup(test.app, token)).toEqual({
      state: 'deleted',
      locale: 'de',
      form: 'newsletter',
    });
  });

  it('is known by every mail that was sent for the request', async () => {
    for (let again = 0; again < 3; again += 1) {
      test.pass({ hours: 73 });
      await resendByToken(test.app, await newestToken(test.app, alice));
    }
    const tokens = (await confirmationsTo(test.app, alice)).map(({ token }) => token);
    expect(tokens).toHaveLength(4);
    const states = await Promise.all(tokens.map((token) => describeSignup(test.app, token)));
    expect(states.map(({ state }) => state)).toEqual(['open', 'replaced', 'replaced', 'replaced']);
    await purge();
    for (const token of tokens)
      expect(await describeSignup(test.app, token)).toMatchObject({ state: 'deleted' });
  });

  it('is known by every mail that was asked for on the form again', async () => {
    for (let again = 0; again < 3; again += 1) await signUp(test.app, alice, ['product-news:email']);
    const tokens = (await confirmationsTo(test.app, alice)).map(({ token }) => token);
    const states = await Promise.all(tokens.map((token) => describeSignup(test.app, token)));
    expect(states.map(({ state }) => state)).toEqual(['open', 'replaced', 'replaced', 'replaced']);
    await purge();
    for (const token of tokens)
      expect(await describeSignup(test.app, token)).toMatchObject({ state: 'deleted' });
  });

  it('is known after "that was not me" as well', async () => {
    const token = await newestToken(test.app, alice);
    await rejectSignup(test.app, token, aClient);
    await purge();
    expect(await describeSignup(test.app, token)).toMatchObject({ state: 'deleted' });
  });

  it('leads to no form that was put away', async () => {
    const token = await newestToken(test.app, alice);
    await purge();
    await test.app.db.updateTable('forms').set({ archived_at: test.app.now().toISOString() }).execute();
    expect(await describeSignup(test.app, token)).toMatchObject({ state: 'deleted', form: null });
  });

  it('is forgotten after a year, and no other link is known', async () => {
    const token = await newestToken(test.app, alice);
    await purge();
    expect(await describeSignup(test.app, `x${token.slice(1)}`)).toEqual({ state: 'unknown' });
    test.pass({ days: 366 });
    expect(await describeSignup(test.app, token)).toEqual({ state: 'unknown' });
    await forgetOldCounts(test.app);
    expect(await test.app.db.selectFrom('purged_links').selectAll().execute()).toEqual([]);
  });

  it('is kept as a hash, and nothing with it tells who it was', async () => {
    const token = await newestToken(test.app, alice);
    await purge();
    const [row, ...more] = await test.app.db.selectFrom('purged_links').selectAll().execute();
    expect(more).toEqual([]);
    expect(Object.keys(row ?? {}).sort()).toEqual([
      'forget_at',
      'form_id',
      'locale',
      'signup_id',
      'token_hash',
    ]);
    expect(row?.signup_id).toBeNull();
    expect(JSON.stringify(row)).not.toContain(token);
  });
});
