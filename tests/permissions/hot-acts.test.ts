/** The hot acts succeed at the first attempt: an ordinary transaction costs several trips to the writer. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actCounts } from '#db/acts.ts';
import { unsubscribeLink } from '#src/links/signed-link.ts';
import { unsubscribe } from '#src/permissions/unsubscribe.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import {
  aClient,
  newestToken,
  openTestApp,
  permissionsOf,
  signUp,
  type TestApp,
} from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';
const wanted = ['product-news:email', 'event-invitations:email'];

describe.each(databases)('on %s', (name) => {
  let test: TestApp;

  beforeEach(async () => {
    test = await openTestApp(name, { limits: true });
  });
  afterEach(() => test.close());

  it('a signup, its confirmation and a one-click withdrawal are one act each', async () => {
    const { app } = test;
    await signUp(app, alice, wanted);
    const token = await newestToken(app, alice);
    await confirmSignup(app, token, aClient);
    const { id } = await app.db
      .selectFrom('contact_points')
      .select('id')
      .where('verified_at', 'is not', null)
      .executeTakeFirstOrThrow();
    const link = unsubscribeLink(app.keys, id, 0);
    expect(await unsubscribe(app, link, 'one_click', aClient)).toMatchObject({ count: 2 });
    expect(Object.values(await permissionsOf(app, alice))).toEqual(['withdrawn', 'withdrawn']);
    const outcome = name === 'sqlite' ? 'done' : 'transaction';
    expect(actCounts(app.db)).toEqual(
      ['signup', 'confirmation', 'withdrawal'].map((act) => ({ act, outcome, count: 1 })),
    );
  });
});
