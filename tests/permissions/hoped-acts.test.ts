/** The hot acts are to be done at the first try: an ordinary transaction costs several trips to the writer. */
import sqlite3 from 'sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

const alice = 'alice@example.org';
const wanted = ['product-news:email', 'event-invitations:email'];

describe('on SQLite', () => {
  let test: TestApp;
  let scripts: string[];

  beforeEach(async () => {
    test = await openTestApp('sqlite');
    scripts = [];
    const { exec } = sqlite3.Database.prototype;
    vi.spyOn(sqlite3.Database.prototype, 'exec').mockImplementation(function (this: object, ...call) {
      scripts.push(String(call[0]));
      return exec.apply(this as never, call as never);
    });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await test.close();
  });

  it('a signup, its confirmation and a one-click withdrawal are one script each', async () => {
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
    expect(scripts.map((script) => script.split(';', 1)[0])).toEqual(Array(3).fill('BEGIN IMMEDIATE'));
    expect(scripts.filter((script) => script.includes('SAVEPOINT'))).toEqual([]);
  });
});
