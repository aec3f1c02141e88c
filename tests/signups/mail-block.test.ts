import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoKey } from '#src/exchange/api-keys.ts';
import { findForm } from '#src/forms/find-form.ts';
import { startTest } from '#src/forms/test-mode.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { describePreferences } from '#src/permissions/describe-preferences.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { describeSignup } from '#src/signups/describe-signup.ts';
import { expireSignups } from '#src/signups/expire-signups.ts';
import { purgeSignups } from '#src/signups/purge-signups.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { undoRejection } from '#src/signups/undo-rejection.ts';
import { aMember } from '#tests/staff/desk.ts';
import { aClient, confirmationsTo, newestToken, permissionsOf, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { openTestDoors, type TestDoors } from '#tests/support/doors.ts';

const alice = 'alice@example.org';

describe.each(databases)('"that was not me" on %s', (name) => {
  let test: TestDoors;

  beforeEach(async () => {
    test = await openTestDoors(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const mails = async () =>
    Number(
      (
        await test.app.db
          .selectFrom('mails')
          .select((eb) => eb.fn.countAll().as('count'))
          .where('kind', '=', 'confirm-signup')
          .executeTakeFirstOrThrow()
      ).count,
    );

  const reject = async (email = alice) => {
    await signUp(test.app, email, ['event-invitations:email']);
    await rejectSignup(test.app, await newestToken(test.app, email), aClient);
  };

  const formFields = async (email: string) => ({
    form_version: (await findForm(test.app.db, 'newsletter'))?.version.id ?? '',
    email,
    consent: 'product-news:email',
    lang: 'de',
  });

  const headless = async (email: string) => {
    const version = (await findForm(test.app.db, 'newsletter'))?.version;
    const consent = version?.definition.consents.find(({ value }) => value === 'product-news:email');
    const sha256 = consent?.texts.de?.sha256;
    const consents = [{ value: 'product-news:email', sha256 }];
    return { form_version: version?.id, lang: 'de', email, consents };
  };

  const capture = (email: string) => ({
    contact_point: email,
    channel: 'email',
    purpose: 'product-news',
    audience: 'consumer',
    basis: 'consent',
    text_version: 'product-news/email/de@1.0',
    method: 'paper',
    captured_at: '2026-11-02T08:00:00Z',
    captured_by: 'agent-7',
    person: {},
    evidence: { signed_at: '2026-11-01', place: 'Messe Hanau', scan_sha256: 'a'.repeat(64) },
  });

  const doors: [string, number, (email: string) => Promise<{ status: number }>][] = [
    ['the page of a form', 303, async (email) => test.post('/f/newsletter', await formFields(email))],
    [
      'a form as JSON',
      202,
      async (email) => test.post('/f/newsletter', await formFields(email), { Accept: 'application/json' }),
    ],
    ['a stand', 303, async (email) => test.post('/f/newsletter?kiosk=1', await formFields(email))],
    ['a headless form', 202, async (email) => test.send('/forms/newsletter/signups', await headless(email))],
    [
      'a capture',
      201,
      async (email) => test.send('/consents', capture(email), { Authorization: `Bearer ${demoKey}` }),
    ],
  ];

  it.each(doors)(
    'sends no confirmation mail by %s for twelve months, purge or no purge',
    async (_, status, enter) => {
      const { app, pass } = test;
      await reject();
      const before = await mails();
      expect((await enter(alice)).status).toBe(status);
      expect(await mails()).toBe(before);
      pass({ days: 10 });
      await expireSignups(app);
      await purgeSignups(app);
      const purged = await mails();
      expect((await enter(alice)).status).toBe(status);
      pass({ days: 340 });
      expect((await enter('alice+news@example.org')).status).toBe(status);
      expect(await mails()).toBe(purged);
      pass({ days: 20 });
      expect((await enter('alice+later@example.org')).status).toBe(status);
      expect(await mails()).toBe(purged + 1);
    },
  );

  it.each(doors)('says the same by %s to who is blocked and to who is not', async (_, status, enter) => {
    await reject();
    const blocked = await enter(alice);
    const open = await enter('bob@example.org');
    expect([blocked.status, open.status]).toEqual([status, status]);
  });

  it('keeps nothing of who is blocked and unknown', async () => {
    const { app, pass } = test;
    await reject();
    pass({ days: 10 });
    await purgeSignups(app);
    const count = async () => (await app.db.selectFrom('people').select('id').execute()).length;
    const before = await count();
    await test.post('/f/newsletter', await formFields(alice));
    expect(await count()).toBe(before);
  });

  it('sends no further mail for another request that is still open', async () => {
    const { app, pass } = test;
    const handle = await signUp(app, alice, ['product-news:email']);
    const token = await newestToken(app, alice);
    await reject();
    const before = await mails();
    pass({ hours: 1 });
    const again = await test.post('/f/newsletter/sent', { s: handle, action: 'resend' });
    expect(again.status).toBe(303);
    pass({ days: 4 });
    expect((await test.post(`/confirm/${token}`, { action: 'resend' })).status).toBe(303);
    expect(await mails()).toBe(before);
  });

  it('sends no mail of a form in test mode to a tester who is blocked', async () => {
    const { app } = test;
    await reject();
    const legal = await aMember(app, 'marketing');
    await startTest(app, legal, 'newsletter', [alice]);
    const before = await mails();
    await test.post('/f/newsletter', await formFields(alice));
    expect(await mails()).toBe(before);
  });

  it('leaves a yes in the preference centre alone, and lets only a fresh link lift the block', async () => {
    const { app, pass } = test;
    await signUp(app, alice, ['product-news:email']);
    await confirmSignup(app, await newestToken(app, alice), aClient);
    await reject();
    const old = await linkOf(alice);
    pass({ hours: 25 });
    const before = await mails();
    const yes = { 'p:partner-offers:email': 'yes' };
    const refused = await test.post(`/p/${old}`, yes);
    expect(refused.headers.location).toBe(`/p/${old}?blocked=1`);
    expect(await permissionsOf(app, alice)).not.toHaveProperty('partner-offers:email');
    expect(await describePreferences(app, old)).toMatchObject({ mailBlock: { until: expect.any(String) } });
    await test.post(`/p/${old}`, { action: 'lift-block' });
    expect((await test.post(`/p/${old}`, yes)).headers.location).toBe(`/p/${old}?blocked=1`);
    const fresh = await linkOf(alice);
    await test.post(`/p/${fresh}`, yes);
    expect(await mails()).toBe(before);
    const lifted = await test.post(`/p/${fresh}`, { action: 'lift-block' });
    expect(lifted.headers.location).toBe(`/p/${fresh}?lifted=1`);
    await test.post(`/p/${fresh}`, yes);
    expect(await mails()).toBe(before + 1);
    expect(await permissionsOf(app, alice)).toMatchObject({ 'partner-offers:email': 'pending' });
  });

  it('still mails the way to the preferences to the owner who asks for it', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    await confirmSignup(app, await newestToken(app, alice), aClient);
    await reject();
    await test.post('/preferences', { email: alice });
    const kinds = await app.db.selectFrom('mails').select('kind').where('kind', '=', 'manage-link').execute();
    expect(kinds).toHaveLength(1);
  });

  it('is taken back while the link lives, as if it had not been pressed', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    const token = await newestToken(app, alice);
    expect((await test.post(`/confirm/${token}`, { action: 'reject' })).status).toBe(303);
    expect(await describeSignup(app, token)).toMatchObject({
      state: 'rejected',
      undoUntil: expect.any(String),
    });
    expect((await test.post(`/confirm/${token}`, { action: 'undo' })).status).toBe(303);
    expect((await test.post(`/confirm/${token}`, { action: 'undo' })).status).toBe(303);
    expect(await describeSignup(app, token)).toMatchObject({ state: 'open' });
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'pending' });
    const before = await mails();
    await test.post('/f/newsletter', { ...(await formFields(alice)), consent: 'partner-offers:email' });
    expect(await mails()).toBe(before + 1);
    expect(await confirmSignup(app, token, aClient)).toEqual({ outcome: 'confirmed' });
    expect(await permissionsOf(app, alice)).toMatchObject({ 'product-news:email': 'granted' });
  });

  it('leaves nothing behind when it is taken back and never answered', async () => {
    const { app, pass } = test;
    await signUp(app, alice, ['product-news:email']);
    const token = await newestToken(app, alice);
    await rejectSignup(app, token, aClient);
    await undoRejection(app, token, aClient);
    pass({ hours: 73 });
    await expireSignups(app);
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'none' });
  });

  it('keeps the block of another request, and a no that was there before', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    const one = await newestToken(app, alice);
    await signUp(app, alice, ['product-news:email', 'event-invitations:email']);
    const other = await newestToken(app, alice);
    await rejectSignup(app, one, aClient);
    test.pass({ minutes: 1 });
    await rejectSignup(app, other, aClient);
    expect(await undoRejection(app, other, aClient)).toEqual({ outcome: 'undone' });
    const before = await mails();
    await test.post('/f/newsletter', await formFields(alice));
    expect(await mails()).toBe(before);
    expect((await test.post(`/confirm/${other}`, { action: 'reject' })).status).toBe(303);
    expect(await permissionsOf(app, alice)).toEqual({
      'product-news:email': 'refused',
      'event-invitations:email': 'refused',
    });
  });

  it('can be taken back no more once the link has run out, and by no other link', async () => {
    const { app, pass } = test;
    await signUp(app, alice, ['product-news:email']);
    const token = await newestToken(app, alice);
    expect(await undoRejection(app, token, aClient)).toEqual({ outcome: 'not_rejected' });
    await rejectSignup(app, token, aClient);
    pass({ hours: 73 });
    expect(await describeSignup(app, token)).toMatchObject({ state: 'rejected', undoUntil: null });
    expect(await undoRejection(app, token, aClient)).toEqual({ outcome: 'expired' });
    expect((await test.post(`/confirm/${'A'.repeat(43)}`, { action: 'undo' })).status).toBe(404);
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'refused' });
  });

  it('is pressed and taken back at once by two browsers without harm', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    const token = await newestToken(app, alice);
    await rejectSignup(app, token, aClient);
    const outcomes = await Promise.all([1, 2, 3].map(() => undoRejection(app, token, aClient)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['not_rejected', 'not_rejected', 'undone']);
    expect(await confirmationsTo(app, alice)).toHaveLength(1);
  });

  async function linkOf(email: string): Promise<string> {
    const point = await test.app.db
      .selectFrom('contact_points')
      .select('id')
      .where('lookup_hash', '=', lookupHash(test.app.keys, 'email', email))
      .executeTakeFirstOrThrow();
    return manageLink(test.app.keys, point.id, 0, test.app.now());
  }
});
