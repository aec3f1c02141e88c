import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '#src/ledger/verify.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { suppress } from '#src/people/suppress.ts';
import { changePreferences } from '#src/permissions/change-preferences.ts';
import { confirmByCode } from '#src/signups/confirm-by-code.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { decoyHandle } from '#src/signups/decoy-handle.ts';
import { describeSent } from '#src/signups/describe-sent.ts';
import { describeSignup } from '#src/signups/describe-signup.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { resendByHandle, resendByToken } from '#src/signups/resend-confirmation.ts';
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

describe.each(databases)('requestSignup on %s', (name) => {
  let test: TestApp;

  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  it('gives two first signups of one address at once one person', async () => {
    const { app } = test;
    await Promise.all(Array.from({ length: 8 }, () => signUp(app, alice, ['product-news:email'])));
    const people = await app.db.selectFrom('people').select('id').execute();
    const points = await app.db.selectFrom('contact_points').select('id').execute();
    expect([people.length, points.length]).toEqual([1, 1]);
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'pending' });
  });

  it('mails again for the same request, and only the newest link works', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    const first = await newestToken(app, alice);
    await signUp(app, alice, ['product-news:email']);
    const second = await newestToken(app, alice);
    expect(second).not.toBe(first);
    expect(await describeSignup(app, first)).toMatchObject({ state: 'replaced' });
    expect(await confirmSignup(app, first, aClient)).toEqual({ outcome: 'expired' });
    expect(await confirmSignup(app, second, aClient)).toEqual({ outcome: 'confirmed' });
  });

  it('keeps requests for different things apart: each link confirms its own', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    const first = await newestToken(app, alice);
    await signUp(app, alice, ['event-invitations:email']);
    const second = await newestToken(app, alice);
    await confirmSignup(app, second, aClient);
    expect(await permissionsOf(app, alice)).toEqual({
      'product-news:email': 'pending',
      'event-invitations:email': 'granted',
    });
    await confirmSignup(app, first, aClient);
    expect(await permissionsOf(app, alice)).toEqual({
      'product-news:email': 'granted',
      'event-invitations:email': 'granted',
    });
  });

  it('sends the way to the preferences to whom has allowed all of it already', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    await confirmSignup(app, await newestToken(app, alice), aClient);
    await signUp(app, alice, ['product-news:email']);
    expect(await mailKindsTo(app, alice)).toEqual(['confirm-signup', 'permissions-changed', 'manage-link']);
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'granted' });
  });

  it.each(['bounce', 'objection'] as const)(
    'lets a mailbox in again that signs up for the same after a block: %s',
    async (reason) => {
      const { app } = test;
      await signUp(app, alice, ['product-news:email']);
      await confirmSignup(app, await newestToken(app, alice), aClient);
      const address = { channel: 'email' as const, hash: lookupHash(app.keys, 'email', alice) };
      await app.db.transaction().execute((tx) => suppress(tx, app.now().toISOString(), [address], reason));
      test.pass({ hours: 25 });
      await signUp(app, alice, ['product-news:email']);
      expect((await mailKindsTo(app, alice)).at(-1)).toBe('confirm-signup');
      await confirmSignup(app, await newestToken(app, alice), aClient);
      const blocks = await app.db.selectFrom('suppressions').select('lifted_at').execute();
      expect(blocks).toEqual([{ lifted_at: app.now().toISOString() }]);
      expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'granted' });
    },
  );

  it('asks for everything again of someone who withdrew', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    await confirmSignup(app, await newestToken(app, alice), aClient);
    await changePreferences(app, await linkOf(test, alice), 'all_no', aClient, 'de');
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'withdrawn' });
    await signUp(app, alice, ['product-news:email']);
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'pending' });
    await confirmSignup(app, await newestToken(app, alice), aClient);
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'granted' });
  });

  it('confirms by the code of the mail, in the browser that signed up', async () => {
    const { app } = test;
    const handle = await signUp(app, alice, ['product-news:email']);
    const [mail] = await confirmationsTo(app, alice);
    const code = mail?.code ?? '';
    expect(await describeSent(app, handle)).toMatchObject({ state: 'waiting', address: alice });
    const other = code === '000000' ? '111111' : '000000';
    expect(await confirmByCode(app, handle, other, aClient)).toEqual({ outcome: 'wrong_code' });
    expect(await confirmByCode(app, handle, 'abc', aClient)).toEqual({ outcome: 'wrong_code' });
    expect(await confirmByCode(app, handle, ` ${code.slice(0, 3)} ${code.slice(3)}`, aClient)).toEqual({
      outcome: 'confirmed',
    });
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'granted' });
    expect(await describeSent(app, handle)).toMatchObject({ state: 'confirmed' });
  });

  it('takes five tries at a code and no more, also when they come at once', async () => {
    const { app } = test;
    const handle = await signUp(app, alice, ['product-news:email']);
    const [mail] = await confirmationsTo(app, alice);
    const code = mail?.code ?? '';
    const wrong = code === '000000' ? '111111' : '000000';
    await Promise.all(Array.from({ length: 5 }, () => confirmByCode(app, handle, wrong, aClient)));
    expect(await confirmByCode(app, handle, code, aClient)).toEqual({ outcome: 'no_tries_left' });
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'pending' });
  });

  it('shows to the one who asks again nothing of who asked before', async () => {
    const { app, pass } = test;
    const first = await signUp(app, alice, ['product-news:email']);
    pass({ hours: 5 });
    const second = await signUp(app, 'ALICE@example.org', ['product-news:email']);
    expect(second).not.toBe(first);
    const sent = await describeSent(app, second);
    const until = new Date(app.now().getTime() + 72 * 3_600_000).toISOString();
    expect(sent).toEqual({ state: 'waiting', address: 'ALICE@example.org', expiresAt: until });
    const link = await describeSignup(app, await newestToken(app, alice));
    expect(link).toMatchObject({ state: 'open', expiresAt: until });
  });

  it('counts tries at a code in the same words after the owner of the mailbox said no', async () => {
    const { app } = test;
    const handle = await signUp(app, alice, ['product-news:email']);
    await rejectSignup(app, await newestToken(app, alice), aClient);
    const outcomes = [];
    for (let tries = 1; tries <= 6; tries += 1) {
      outcomes.push((await confirmByCode(app, handle, 'abc', aClient)).outcome);
    }
    expect(outcomes).toEqual([...Array(4).fill('wrong_code'), 'no_tries_left', 'no_tries_left']);
    expect(await describeSent(app, handle)).toMatchObject({ state: 'waiting' });
  });

  it('counts tries in the same words for a robot, and none where nothing was typed', async () => {
    const { app } = test;
    const handle = decoyHandle(
      app,
      await submission(app, 'newsletter', { email: alice, consent: 'product-news:email' }),
    );
    expect(await confirmByCode(app, handle, ' ', aClient)).toEqual({ outcome: 'missing_code' });
    const outcomes = [];
    for (let tries = 1; tries <= 6; tries += 1) {
      outcomes.push((await confirmByCode(app, handle, '123456', aClient)).outcome);
    }
    expect(outcomes).toEqual([...Array(4).fill('wrong_code'), 'no_tries_left', 'no_tries_left']);
  });

  it('takes a code for thirty minutes', async () => {
    const { app, pass } = test;
    const handle = await signUp(app, alice, ['product-news:email']);
    const [mail] = await confirmationsTo(app, alice);
    pass({ minutes: 30 });
    expect(await confirmByCode(app, handle, mail?.code ?? '', aClient)).toEqual({ outcome: 'expired' });
  });

  it('sends a new mail for an expired link, to the same address', async () => {
    const { app, pass } = test;
    await signUp(app, alice, ['product-news:email']);
    const old = await newestToken(app, alice);
    pass({ hours: 73 });
    expect(await resendByToken(app, old)).toBe(true);
    const fresh = await newestToken(app, alice);
    expect(await confirmSignup(app, fresh, aClient)).toEqual({ outcome: 'confirmed' });
  });

  it('keeps an address typed by two people one mailbox', async () => {
    const { app } = test;
    await signUp(app, 'Alice@Example.org', ['product-news:email'], 'fair', { given_name: 'Alice' });
    await signUp(app, alice, ['event-invitations:email'], 'fair', { given_name: 'Bob' });
    const people = await app.db.selectFrom('people').select('id').execute();
    expect(people).toHaveLength(1);
  });
});

describe.each(databases)('requestSignup with limits on %s', (name) => {
  let test: TestApp;

  beforeEach(async () => {
    test = await openTestApp(name);
    test.app.config.limits = true;
  });
  afterEach(() => test.close());

  const from = (address: string) => ({ ...aClient, address });

  it('sends one mail to one address, however many signups come in', async () => {
    const { app } = test;
    const values = ['product-news:email', 'event-invitations:email', 'partner-offers:email'];
    for (let number = 0; number < 40; number += 1) {
      const consent = values.slice(0, 1 + (number % 3));
      const sent = await submission(app, 'newsletter', { email: alice, consent });
      const result = await requestSignup(app, sent, from(`10.0.${number}.1`));
      expect(result.outcome).toBe('accepted');
    }
    expect(await confirmationsTo(app, alice)).toHaveLength(1);
  });

  it('turns an address away after twelve signups in ten minutes, and says when to come back', async () => {
    const { app, pass } = test;
    const send = async (number: number) =>
      requestSignup(
        app,
        await submission(app, 'newsletter', {
          email: `p${number}@example.org`,
          consent: 'product-news:email',
        }),
        from('192.0.2.1'),
      );
    for (let number = 1; number <= 12; number += 1) expect((await send(number)).outcome).toBe('accepted');
    expect(await send(13)).toEqual({ outcome: 'too_many', retryAfterSeconds: 600 });
    pass({ minutes: 10 });
    expect((await send(14)).outcome).toBe('accepted');
  });

  it('lets no more through when many come at once', async () => {
    const { app } = test;
    const outcomes = await Promise.all(
      Array.from({ length: 23 }, async (_, number) => {
        const email = `p${number}@example.org`;
        const sent = await submission(app, 'newsletter', { email, consent: 'product-news:email' });
        return (await requestSignup(app, sent, from('192.0.2.1'))).outcome;
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(12);
    expect(outcomes.filter((outcome) => outcome === 'too_many')).toHaveLength(11);
  });

  it('mails again on request after fifteen minutes, twice a request, three times a month', async () => {
    const { app, pass } = test;
    const handle = await signUp(app, alice, ['product-news:email']);
    await resendByHandle(app, handle);
    expect(await confirmationsTo(app, alice)).toHaveLength(1);
    pass({ minutes: 16 });
    await resendByHandle(app, handle);
    expect(await confirmationsTo(app, alice)).toHaveLength(2);
    pass({ minutes: 16 });
    await resendByHandle(app, handle);
    expect(await confirmationsTo(app, alice)).toHaveLength(2);
    pass({ days: 2 });
    await signUp(app, alice, ['event-invitations:email']);
    expect(await confirmationsTo(app, alice)).toHaveLength(3);
    pass({ days: 2 });
    await signUp(app, alice, ['partner-offers:email']);
    expect(await confirmationsTo(app, alice)).toHaveLength(3);
  });

  it('counts anew for who has answered', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    await confirmSignup(app, await newestToken(app, alice), aClient);
    await signUp(app, alice, ['event-invitations:email']);
    expect(await confirmationsTo(app, alice)).toHaveLength(2);
  });
});

async function linkOf({ app }: TestApp, email: string): Promise<string> {
  const point = await app.db
    .selectFrom('contact_points')
    .select('id')
    .where('lookup_hash', '=', lookupHash(app.keys, 'email', email))
    .executeTakeFirstOrThrow();
  return manageLink(app.keys, point.id, 0, app.now());
}
