/** What people, robots and jobs do to the same rows at the same moment. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SignupTable } from '#db/schema/signups.ts';
import type { App } from '#src/app/app.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { manageLink, unsubscribeLink } from '#src/links/signed-link.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { changePreferences } from '#src/permissions/change-preferences.ts';
import { unsubscribe } from '#src/permissions/unsubscribe.ts';
import { confirmByCode } from '#src/signups/confirm-by-code.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { expireSignups } from '#src/signups/expire-signups.ts';
import { purgeSignups } from '#src/signups/purge-signups.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { resendByHandle } from '#src/signups/resend-confirmation.ts';
import {
  aClient,
  confirmationsTo,
  mailKindsTo,
  newestToken,
  openTestApp,
  permissionsOf,
  signUp,
  submission,
  type TestApp,
} from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';
const news = { purpose: 'product-news', channel: 'email' } as const;
const both = ['product-news:email', 'event-invitations:email'];

describe.each(databases)('at the same moment on %s', (name) => {
  let test: TestApp;

  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    expect(await strayPendings(test.app)).toEqual([]);
    await test.close();
  });

  it('makes one person of many first signups with one address', async () => {
    const { app } = test;
    const wishes = [['product-news:email'], ['event-invitations:email'], both];
    await Promise.all(times(24, (index) => signUp(app, alice, wishes[index % 3] ?? both)));
    expect(await countOf(app, 'people')).toBe(1);
    expect(await countOf(app, 'contact_points')).toBe(1);
    expect(await permissionsOf(app, alice)).toEqual({
      'product-news:email': 'pending',
      'event-invitations:email': 'pending',
    });
  });

  it('keeps people apart who sign up together', async () => {
    const { app } = test;
    await Promise.all(times(40, (index) => signUp(app, `reader-${index}@example.org`, both)));
    const tokens = await Promise.all(times(40, (index) => newestToken(app, `reader-${index}@example.org`)));
    await Promise.all(tokens.map((token) => confirmSignup(app, token, aClient)));
    expect(await countOf(app, 'people')).toBe(40);
    expect(await permissionsOf(app, 'reader-7@example.org')).toEqual({
      'product-news:email': 'granted',
      'event-invitations:email': 'granted',
    });
  });

  it('sends one mail to an address that many networks sign up', async () => {
    const app = { ...test.app, config: { ...test.app.config, limits: true } };
    const asked = await submission(app, 'newsletter', { email: alice, consent: both });
    const outcomes = await Promise.all(
      times(20, (index) => requestSignup(app, asked, { ...aClient, address: `198.51.${index}.9` })),
    );
    expect(outcomes.every(({ outcome }) => outcome === 'accepted')).toBe(true);
    expect(await mailKindsTo(app, alice)).toEqual(['confirm-signup']);
  });

  it('lets exactly as many signups of one network through as it may send', async () => {
    const app = { ...test.app, config: { ...test.app.config, limits: true } };
    const outcomes = await Promise.all(
      times(20, async (index) => {
        const asked = await submission(app, 'newsletter', { email: `r${index}@example.org`, consent: both });
        return (await requestSignup(app, asked, aClient)).outcome;
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(12);
    expect(await countOf(app, 'people')).toBe(12);
  });

  it('gives a signup one answer, whether it is confirmed, rejected, expired or withdrawn', async () => {
    for (let round = 0; round < 8; round++) {
      const email = `reader-${round}@example.org`;
      const { app, early, token, link } = await lastMinute(test, email);
      const answers = [
        () => confirmSignup(early, token, aClient),
        () => rejectSignup(early, token, aClient),
        () => expireSignups(app),
        () => unsubscribe(early, link, 'one_click', aClient),
      ];
      // Each gets to be the first.
      await Promise.all([...answers.slice(round % 4), ...answers.slice(0, round % 4)].map((act) => act()));
      const { state } = await signupOf(app, email);
      const permission = (await permissionsOf(app, email))['product-news:email'];
      expect(possible[state], `${state} and ${permission}`).toContain(permission);
    }
  });

  it('counts a confirmation once, by link and by code', async () => {
    const { app } = test;
    const handle = await signUp(app, alice, both);
    const [mail] = await confirmationsTo(app, alice);
    const byLink = times(6, () => confirmSignup(app, mail?.token ?? '', aClient));
    const byCode = times(6, () => confirmByCode(app, handle, mail?.code ?? '', aClient));
    const outcomes = (await Promise.all([...byLink, ...byCode])).map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['confirmed', 'already_confirmed']));
    expect(await kindsOf(app)).toEqual({ requested: 2, confirmed: 2 });
    expect(await mailKindsTo(app, alice)).toEqual(['confirm-signup', 'permissions-changed']);
  });

  it('leaves five tries to whoever sends many codes', async () => {
    const { app } = test;
    const handle = await signUp(app, alice, both);
    const [mail] = await confirmationsTo(app, alice);
    const wrong = mail?.code === '000000' ? '111111' : '000000';
    const outcomes = await Promise.all(times(20, () => confirmByCode(app, handle, wrong, aClient)));
    expect(outcomes.filter(({ outcome }) => outcome === 'wrong_code')).toHaveLength(4);
    expect(outcomes.filter(({ outcome }) => outcome === 'no_tries_left')).toHaveLength(16);
    expect(await confirmByCode(app, handle, mail?.code ?? '', aClient)).toEqual({ outcome: 'no_tries_left' });
    expect(await kindsOf(app)).toEqual({ requested: 2 });
  });

  it('sends new links or takes the old one, and never both', async () => {
    const { app } = test;
    const handle = await signUp(app, alice, both);
    const token = await newestToken(app, alice);
    await Promise.all([
      resendByHandle(app, handle),
      confirmSignup(app, token, aClient),
      resendByHandle(app, handle),
    ]);
    const { state } = await signupOf(app, alice);
    const kinds = await kindsOf(app);
    if (state === 'confirmed') expect(kinds).toEqual({ requested: 2, confirmed: 2 });
    else
      expect(await confirmSignup(app, await newestToken(app, alice), aClient)).toEqual({
        outcome: 'confirmed',
      });
  });

  it('withdraws once in a storm of one-click posts', async () => {
    const { app } = test;
    const link = await confirmed(app, alice);
    const results = await Promise.all(times(30, () => unsubscribe(app, link, 'one_click', aClient)));
    expect(results.every(({ outcome }) => outcome === 'withdrawn')).toBe(true);
    expect(await kindsOf(app)).toEqual({ requested: 2, confirmed: 2, withdrawn: 2 });
    expect(Object.values(await permissionsOf(app, alice))).toEqual(['withdrawn', 'withdrawn']);
  });

  it('ends with a no when a yes and a one-click come together', async () => {
    const { app } = test;
    const link = await confirmed(app, alice);
    const manage = manageLink(app.keys, (await mailboxOf(app, alice)).id, 0, app.now());
    await changePreferences(app, manage, 'all_no', aClient, 'de');
    const yes = () => changePreferences(app, manage, [{ ...news, answer: 'yes' }], aClient, 'de');
    await Promise.all([yes(), unsubscribe(app, link, 'one_click', aClient), yes()]);
    await unsubscribe(app, link, 'one_click', aClient);
    for (const { token } of await confirmationsTo(app, alice)) await confirmSignup(app, token, aClient);
    expect(Object.values(await permissionsOf(app, alice)).filter((state) => state === 'granted')).toEqual([]);
  });

  it('expires and purges once, in two processes', async () => {
    const { app, pass } = test;
    await Promise.all(times(10, (index) => signUp(app, `reader-${index}@example.org`, both)));
    pass({ days: 8 });
    const expired = await Promise.all(times(3, () => expireSignups(app)));
    expect(expired.reduce((sum, count) => sum + count)).toBe(10);
    const purged = await Promise.all(times(3, () => purgeSignups(app)));
    expect(Math.max(...purged.map(({ people }) => people))).toBe(10);
    expect(await countOf(app, 'signups')).toBe(0);
    expect(await kindsOf(app)).toEqual({ requested: 20, expired: 20 });
  });
});

/** What a permission may be once everyone has had their say and the owner's no was among it. */
const possible: Record<SignupTable['state'], string[]> = {
  confirmed: ['withdrawn', 'refused'],
  rejected: ['refused'],
  expired: ['none', 'refused'],
  cancelled: ['refused'],
  open: [],
};

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** A signup whose link runs out between the clocks of two processes. */
async function lastMinute({ app, pass }: TestApp, email: string) {
  await signUp(app, email, ['product-news:email']);
  const token = await newestToken(app, email);
  pass({ hours: 71, minutes: 59 });
  const before = app.now();
  pass({ minutes: 2 });
  const link = unsubscribeLink(app.keys, (await mailboxOf(app, email)).id, 0);
  return { app, early: { ...app, now: () => before }, token, link };
}

/** Someone who allowed both, and the one-click link in their mail. */
async function confirmed(app: App, email: string): Promise<string> {
  await signUp(app, email, both);
  await confirmSignup(app, await newestToken(app, email), aClient);
  return unsubscribeLink(app.keys, (await mailboxOf(app, email)).id, 0);
}

async function mailboxOf(app: App, email: string) {
  return app.db
    .selectFrom('contact_points')
    .selectAll()
    .where('lookup_hash', '=', lookupHash(app.keys, 'email', email))
    .executeTakeFirstOrThrow();
}

async function signupOf(app: App, email: string) {
  const { id } = await mailboxOf(app, email);
  return app.db
    .selectFrom('signups')
    .selectAll()
    .where('contact_point_id', '=', id)
    .executeTakeFirstOrThrow();
}

async function countOf(app: App, table: 'people' | 'contact_points' | 'signups'): Promise<number> {
  return (await app.db.selectFrom(table).select('id').execute()).length;
}

async function kindsOf(app: App): Promise<Record<string, number>> {
  const events = await app.db.selectFrom('events').select('kind').execute();
  const kinds: Record<string, number> = {};
  for (const { kind } of events) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

/** Permissions that wait for a signup which nobody can answer any more. */
async function strayPendings(app: App): Promise<string[]> {
  const rows = await app.db
    .selectFrom('permissions')
    .leftJoin('signups', 'signups.id', 'permissions.pending_signup_id')
    .select('permissions.id')
    .where('permissions.pending_signup_id', 'is not', null)
    .where((eb) => eb.or([eb('signups.state', 'is', null), eb('signups.state', '<>', 'open')]))
    .execute();
  return rows.map((row) => row.id);
}
