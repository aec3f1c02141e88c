import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#src/ids/new-id.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { unsubscribeLink } from '#src/links/signed-link.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { unsubscribe } from '#src/permissions/unsubscribe.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';
const bob = 'bob@example.org';
const news = { purpose: 'product-news', channel: 'email' };

interface Decision {
  contact_point: string;
  allowed: boolean;
  reason: string;
  [field: string]: unknown;
}

describe.each(databases)('POST /api/v1/decisions on %s', (name) => {
  let test: TestApi;

  beforeEach(async () => {
    test = await openTestApi(name);
    await signUp(test.app, alice, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
    test.pass({ minutes: 1 });
    await signUp(test.app, bob, ['product-news:email']);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  async function decide(contactPoints: string[], more: object = {}): Promise<Decision[]> {
    const { status, body } = await test.call('/decisions', {
      ...news,
      contact_points: contactPoints,
      ...more,
    });
    expect(status, JSON.stringify(body)).toBe(200);
    return body.decisions as Decision[];
  }

  async function reasonFor(contactPoint: string, more: object = {}): Promise<string> {
    return (await decide([contactPoint], more))[0]?.reason ?? '';
  }

  it('answers each address in the order asked, with reason, law, duties and the words agreed to', async () => {
    const asked = ['nobody@example.org', ' ALICE@example.org', 'not an address', bob, alice];
    const decisions = await decide(asked);
    expect(decisions.map(({ contact_point, reason }) => [contact_point, reason])).toEqual([
      ['nobody@example.org', 'no_permission'],
      [' ALICE@example.org', 'consent_active'],
      ['not an address', 'invalid_contact_point'],
      [bob, 'pending_confirmation'],
      [alice, 'consent_active'],
    ]);
    expect(decisions[4]).toMatchObject({
      allowed: true,
      state: 'granted',
      basis: 'consent',
      law: ['§ 7 Abs. 2 Nr. 2 UWG', 'Art. 6 Abs. 1 lit. a DSGVO'],
      duties: expect.arrayContaining(['unsubscribe_link']),
      permission_id: expect.stringMatching(/^per_[0-9a-f-]{36}$/),
      text_version: 'product-news/email/de@1.0',
      granted_at: '2026-11-02T09:00:00.000Z',
      valid_until: null,
    });
    expect(decisions[4]).not.toHaveProperty('unsubscribe_url');
  });

  it('tells the kinds of no apart', async () => {
    expect(await reasonFor(alice, { purpose: 'event-invitations' })).toBe('no_permission_for_purpose');
    expect(await reasonFor(alice, { purpose: 'no-such-thing' })).toBe('unknown_purpose');
    expect(await reasonFor(alice, { purpose: 'service-calls' })).toBe('no_permission_for_channel');
    expect(await reasonFor('+4930123456', { purpose: 'service-calls', channel: 'phone' })).toBe(
      'no_permission',
    );
  });

  it('believes no mailbox about a phone number', async () => {
    await signUp(test.app, 'carol@example.org', ['service-calls:phone'], 'fair', { phone: '030 123456' });
    await confirmSignup(test.app, await newestToken(test.app, 'carol@example.org'), aClient);
    const calls = { purpose: 'service-calls', channel: 'phone' };
    expect(await reasonFor('+49 30 123456', calls)).toBe('channel_not_verified');
    expect(await reasonFor('030 123456', calls)).toBe('channel_not_verified');
  });

  it('gives links that a mail provider can call', async () => {
    const [yes, no] = await decide([alice, 'nobody@example.org'], { include: ['links'] });
    expect(yes).toMatchObject({
      preferences_url: expect.stringMatching(/^http:\/\/localhost:4321\/p\//),
      list_unsubscribe: `<${yes?.unsubscribe_url}>`,
      list_unsubscribe_post: 'List-Unsubscribe=One-Click',
    });
    expect(no).toMatchObject({ preferences_url: null, unsubscribe_url: null });
    const link = String(yes?.unsubscribe_url).split('/u/')[1] ?? '';
    expect(await unsubscribe(test.app, link, 'one_click', aClient)).toMatchObject({ outcome: 'withdrawn' });
    expect(await reasonFor(alice)).toBe('withdrawn');
  });

  it('answers for a moment in the past from the ledger', async () => {
    const { app, pass } = test;
    const before = new Date(app.now().getTime() - 3_600_000).toISOString();
    const then = app.now().toISOString();
    pass({ hours: 1 });
    const point = await app.db
      .selectFrom('contact_points')
      .select('id')
      .where('lookup_hash', '=', lookupHash(app.keys, 'email', alice))
      .executeTakeFirstOrThrow();
    await unsubscribe(app, unsubscribeLink(app.keys, point.id, 0), 'page', aClient);
    pass({ hours: 1 });
    expect(await reasonFor(alice)).toBe('withdrawn');
    expect(await reasonFor(alice, { at: then })).toBe('consent_active');
    expect(await reasonFor(alice, { at: before })).toBe('no_permission');
  });

  it('hears a suppression before every permission, for as long as it stands', async () => {
    const { app } = test;
    await app.db
      .insertInto('suppressions')
      .values({
        id: newId(),
        channel: 'email',
        lookup_hash: lookupHash(app.keys, 'email', alice),
        purpose_id: null,
        reason: 'complaint',
        created_at: app.now().toISOString(),
        until: null,
        lifted_at: null,
      })
      .execute();
    expect(await reasonFor(alice)).toBe('suppressed_complaint');
    await app.db.updateTable('suppressions').set({ lifted_at: app.now().toISOString() }).execute();
    expect(await reasonFor(alice)).toBe('consent_active');
  });

  it('records uses, and stops at the frequency that the words promise', async () => {
    const use = (campaign: string) => decide([alice, bob], { record_use: { campaign } });
    expect((await use('one')).map(({ allowed }) => allowed)).toEqual([true, false]);
    expect((await use('two'))[0]?.allowed).toBe(true);
    expect((await use('three'))[0]).toMatchObject({
      allowed: false,
      reason: 'frequency_reached',
      allowed_again_at: '2026-12-01T00:00:00.000Z',
    });
    const used = await test.app.db.selectFrom('events').selectAll().where('kind', '=', 'used').execute();
    expect(used).toHaveLength(2);
    test.pass({ days: 30 });
    expect(await reasonFor(alice)).toBe('consent_active');
  });

  it('spends the last promised contact once, however many ask for it at once', async () => {
    await decide([alice], { record_use: { campaign: 'one' } });
    const asked = ['a', 'b', 'c', 'd'].map((campaign) => decide([alice], { record_use: { campaign } }));
    const answers = (await Promise.all(asked)).map(([one]) => one?.allowed);
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('says how many entries it allows', async () => {
    const { body } = await test.call('/decisions', { ...news, contact_points: Array(1001).fill(alice) });
    expect(body.errors).toMatchObject([{ message: 'At most 1000 entries are allowed.' }]);
  });

  it.each([
    ['nobody to ask about', { contact_points: [] }, '/contact_points', 'too_small'],
    ['1,001 contact points', { contact_points: Array(1001).fill(alice) }, '/contact_points', 'too_big'],
    ['an unknown channel', { channel: 'pigeon' }, '/channel', 'invalid_value'],
    ['a field that is none', { purpos: 'x' }, '/purpos', 'unknown_field'],
    ['a moment in the future', { at: '2027-01-01T00:00:00Z' }, '/at', 'in_future'],
    ['a moment that is none', { at: 'yesterday' }, '/at', 'invalid_format'],
    ['no purpose', { purpose: undefined }, '/purpose', 'missing'],
  ])('refuses %s and names the place', async (_, wrong, pointer, code) => {
    const { status, body, headers } = await test.call('/decisions', {
      ...news,
      contact_points: [alice],
      ...wrong,
    });
    expect(status).toBe(422);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body.errors).toEqual([{ pointer, code, message: expect.any(String) }]);
  });
});
