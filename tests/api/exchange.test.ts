import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookupHash } from '#src/people/contact-points.ts';
import { liftRestriction, restrictProcessing } from '#src/permissions/restrict-processing.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const agent: Actor = { id: 'a', email: 'agent@example.org', name: 'Ari Agent', role: 'agent', locale: null };
const alice = 'alice@example.org';
const secret = `whsec_${Buffer.from('a secret of this test alone').toString('base64')}`;

describe.each(databases)('exports and inbound events on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name, { resendWebhookSecret: secret });
    await signUp(test.app, alice, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
    await signUp(test.app, 'bob@example.org', ['product-news:email']);
  });
  afterEach(() => test.close());

  const contactable = async () =>
    String((await test.call('/exports/contactable?purpose=product-news&channel=email')).body.text);

  function event(body: object, by = secret, at = new Date()) {
    const payload = JSON.stringify(body);
    const headers = {
      Authorization: '',
      'svix-id': 'msg_1',
      'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
      'svix-signature': new Webhook(by).sign('msg_1', at, payload),
    };
    return test.call('/inbound/resend', payload, headers);
  }

  it('lists whoever may be contacted now, with the links for the message', async () => {
    const lines = (await contactable()).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^alice@example\.org,consent,product-news\/email\/de@1\.0,.*\/p\/.*\/u\//);
  });

  it('blocks a mailbox that does not exist or whose owner complains, and not one that is full', async () => {
    const bounced = (type: string) => ({ type: 'email.bounced', data: { to: [alice], bounce: { type } } });
    expect((await event(bounced('Transient'))).body).toEqual({ suppressed: 0 });
    expect((await event(bounced('Undetermined'))).body).toEqual({ suppressed: 0 });
    // Of which kind it is, nobody said.
    for (const data of [{ to: [alice] }, { to: [alice], bounce: {} }]) {
      expect((await event({ type: 'email.bounced', data })).body).toEqual({ suppressed: 0 });
    }
    expect(await contactable()).toContain(alice);
    expect((await event(bounced('Permanent'))).body).toEqual({ suppressed: 1 });
    expect((await event(bounced('Permanent'))).body).toEqual({ suppressed: 0 });
    expect(await contactable()).not.toContain(alice);
    await event({ type: 'email.complained', data: { to: `Alice <${alice}>` } });
    const { body } = await test.call('/decisions', {
      purpose: 'product-news',
      channel: 'email',
      contact_points: [alice],
    });
    expect(body).toMatchObject({ decisions: [{ reason: 'suppressed_complaint' }] });
    const list = String((await test.call('/exports/suppressions')).body.text);
    expect(list.trim().split('\r\n')).toHaveLength(3);
    expect(list).not.toContain('alice');
  });

  it('lists as blocked, on every channel, whoever asked that their data only be kept', async () => {
    const { app } = test;
    const listed = async (query = '') =>
      String((await test.call(`/exports/suppressions${query}`)).body.text)
        .trim()
        .split('\r\n')
        .slice(1);
    expect(await listed()).toEqual([]);
    const point = await app.db
      .selectFrom('contact_points')
      .select('id')
      .where('lookup_hash', '=', lookupHash(app.keys, 'email', alice))
      .executeTakeFirstOrThrow();
    await restrictProcessing(app, agent, point.id, 'unlawful', 'letter');
    expect(await listed()).toEqual([
      expect.stringMatching(/^email,[^,]+,,restricted,2026-11-02T09:00:00.000Z,$/),
    ]);
    expect(await listed('?addresses=plain')).toEqual([expect.stringContaining(`email,${alice},`)]);
    await liftRestriction(app, agent, point.id);
    expect(await listed()).toEqual([expect.stringContaining(',2026-11-09T09:00:00.000Z')]);
    test.pass({ days: 8 });
    expect(await listed()).toEqual([]);
  });

  it('blocks what Resend itself sends nothing to any more', async () => {
    const suppressed = { type: 'OnAccountSuppressionList', message: 'It is on the list.' };
    const data = { email_id: 're_9', to: [alice], suppressed };
    expect((await event({ type: 'email.suppressed', data })).body).toEqual({ suppressed: 1 });
    expect(await contactable()).not.toContain(alice);
  });

  it('believes nobody else, and nothing old', async () => {
    const complaint = { type: 'email.complained', data: { to: [alice] } };
    const other = `whsec_${Buffer.from('another secret altogether').toString('base64')}`;
    expect((await event(complaint, other)).status).toBe(401);
    expect((await event(complaint, secret, new Date(Date.now() - 3_600_000))).status).toBe(401);
    expect(await contactable()).toContain(alice);
  });
});
