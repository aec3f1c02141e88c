import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { endTest, startTest, testersOf } from '#src/forms/test-mode.ts';
import { forgetOldCounts } from '#src/jobs/forget-old-counts.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { confirmCode, confirmToken } from '#src/links/confirm-token.ts';
import { confirmByCode } from '#src/signups/confirm-by-code.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { describeSent } from '#src/signups/describe-sent.ts';
import { describeSignup } from '#src/signups/describe-signup.ts';
import { expireSignups } from '#src/signups/expire-signups.ts';
import { purgeSignups } from '#src/signups/purge-signups.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { resendByHandle } from '#src/signups/resend-confirmation.ts';
import type { Actor } from '#src/staff/actor.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import {
  aClient,
  newestToken,
  openTestApp,
  permissionsOf,
  signUp,
  submission,
  type TestApp,
} from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const tester = 'tess@example.org';

describe.each(databases)('a form in test mode on %s', (name) => {
  let test: TestApp;
  let marketer: Actor;

  beforeEach(async () => {
    test = await openTestApp(name);
    marketer = await aMember(test.app, 'marketing');
    await startTest(test.app, marketer, 'newsletter', ['', ` ${tester} `, 'Tess@example.org']);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const tests = () => test.app.db.selectFrom('signups').selectAll().where('test', '=', 1).execute();
  const rows = async (table: 'events' | 'permissions' | 'evidence' | 'contact_points' | 'mails') =>
    (await test.app.db.selectFrom(table).selectAll().execute()).length;

  it('keeps its list encrypted, and says in the trail how long it is', async () => {
    const { app } = test;
    expect(await testersOf(app, 'newsletter')).toHaveLength(1);
    const [row] = await app.db.selectFrom('form_test_addresses').selectAll().execute();
    expect(JSON.stringify(row)).not.toMatch(/tess@|@example/i);
    expect(await startTest(app, marketer, 'newsletter', [tester, 'nobody'])).toEqual({
      outcome: 'faulty',
      lines: ['nobody'],
    });
    expect(await startTest(app, marketer, 'newsletter', [' '])).toEqual({ outcome: 'none' });
    const entries = await app.db.selectFrom('audit_entries').select(['act', 'details']).execute();
    expect(entries).toEqual([{ act: 'form.test_on', details: '{"addresses":1}' }]);
  });

  it('gives everybody else the same answer, and keeps nothing', async () => {
    const { app } = test;
    const before = await rows('contact_points');
    const handle = await signUp(app, 'bob@example.org', ['product-news:email']);
    expect(await describeSent(app, handle)).toMatchObject({ state: 'waiting', address: 'bob@example.org' });
    await resendByHandle(app, handle);
    expect([await tests(), await rows('mails'), await rows('events')]).toEqual([[], 0, 0]);
    expect(await rows('contact_points')).toBe(before);
  });

  it('lets a tester walk the whole way, and nothing comes of it', async () => {
    const { app } = test;
    const handle = await signUp(app, tester, ['product-news:email', 'event-invitations:email']);
    const [signup] = await tests();
    const token = confirmToken(app.keys, signup?.id ?? '', 1);
    expect(await describeSignup(app, token)).toMatchObject({ state: 'open', test: true, items: [{}, {}] });
    await resendByHandle(app, handle);
    const newer = confirmToken(app.keys, signup?.id ?? '', 2);
    expect(await confirmSignup(app, newer, aClient)).toEqual({ outcome: 'confirmed' });
    expect(await describeSignup(app, newer)).toMatchObject({ state: 'confirmed', test: true });
    expect(await describeSent(app, handle)).toEqual({ state: 'confirmed' });
    expect([await rows('events'), await rows('permissions'), await rows('evidence')]).toEqual([0, 0, 0]);
    const mails = await app.db.selectFrom('mails').select('kind').execute();
    expect(mails.map(({ kind }) => kind)).toEqual(['confirm-signup', 'confirm-signup']);
    const question = {
      purpose: 'product-news',
      channel: 'email',
      audience: 'consumer',
      jurisdiction: 'DE',
    } as const;
    const [answer] = await decideContacts(app, app.db, question, [tester]);
    expect(answer?.decision).toMatchObject({ allowed: false, reason: 'no_permission' });
  });

  it('takes the code too, and a no, and an end of time', async () => {
    const { app, pass } = test;
    const handle = await signUp(app, tester, ['product-news:email']);
    await signUp(app, tester, ['product-news:email']);
    await signUp(app, tester, ['product-news:email']);
    const [first, second] = await tests();
    const code = confirmCode(app.keys, first?.id ?? '', 1);
    expect(await confirmByCode(app, handle, code, aClient)).toEqual({ outcome: 'confirmed' });
    const token = confirmToken(app.keys, second?.id ?? '', 1);
    expect(await rejectSignup(app, token, aClient)).toEqual({ outcome: 'rejected' });
    pass({ days: 4 });
    expect(await expireSignups(app)).toBe(1);
    const blocks = await app.db.selectFrom('suppressions').selectAll().execute();
    expect([await rows('events'), blocks]).toEqual([0, []]);
  });

  it('touches nothing that a tester has really allowed', async () => {
    const { app } = test;
    await endTest(app, marketer, 'newsletter');
    await signUp(app, tester, ['product-news:email']);
    await confirmSignup(app, await newestToken(app, tester), aClient);
    await startTest(app, marketer, 'newsletter', [tester]);
    const before = [await rows('events'), await rows('evidence')];
    await signUp(app, tester, ['product-news:email', 'event-invitations:email']);
    const [trial] = await tests();
    await rejectSignup(app, confirmToken(app.keys, trial?.id ?? '', 1), aClient);
    expect(await permissionsOf(app, tester)).toEqual({ 'product-news:email': 'granted' });
    expect([await rows('events'), await rows('evidence')]).toEqual(before);
  });

  it('forgets the list and every trial when it ends', async () => {
    const { app } = test;
    const before = await rows('contact_points');
    await signUp(app, tester, ['product-news:email']);
    await endTest(app, marketer, 'newsletter');
    await purgeSignups(app);
    expect([await tests(), await testersOf(app, 'newsletter'), await rows('mails')]).toEqual([[], [], 0]);
    expect(await rows('contact_points')).toBe(before);
    expect(await actsOf(app, 'form:newsletter')).toEqual(['form.test_on', 'form.test_off']);
  });
});

describe.each(databases)('a submission that is sent again on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  it('is one signup and one mail, also when both come at once, until it is forgotten', async () => {
    const { app, pass } = test;
    app.config.limits = true;
    const fields = { email: 'kim@example.org', consent: 'product-news:email' };
    const sent = await submission(app, 'fair', fields);
    const submissionId = '0123456789abcdef0123456789abcdef';
    const send = () => requestSignup(app, sent, aClient, { submissionId });
    const answers = await Promise.all([send(), send(), send()]);
    for (let more = 0; more < 6; more += 1) answers.push(await send());
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(9).fill('accepted'));
    const count = async (table: 'signups' | 'mails' | 'form_submissions') =>
      (await app.db.selectFrom(table).selectAll().execute()).length;
    expect([await count('signups'), await count('mails'), await count('form_submissions')]).toEqual([
      1, 1, 1,
    ]);
    pass({ days: 4 });
    await forgetOldCounts(app);
    expect(await count('form_submissions')).toBe(0);
  });

  it('is not taken for another one of a different form', async () => {
    const { app } = test;
    const submissionId = '0123456789abcdef0123456789abcdef';
    for (const form of ['fair', 'newsletter']) {
      const sent = await submission(app, form, {
        email: `${form}@example.org`,
        consent: 'product-news:email',
      });
      await requestSignup(app, sent, aClient, { submissionId });
    }
    expect((await app.db.selectFrom('signups').selectAll().execute()).length).toBe(2);
  });
});
