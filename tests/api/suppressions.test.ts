import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addApiKey } from '#src/exchange/api-keys.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, mailKindsTo, newestToken, permissionsOf, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const known = 'known@example.org';
const stranger = 'stranger@example.org';
const bounce = {
  contact_point: known,
  channel: 'email',
  reason: 'bounce',
  at: '2026-10-31T08:00:00Z',
  source: 'Kampagnenwerkzeug',
};
const complaint = { ...bounce, contact_point: stranger, reason: 'complaint', at: '2026-10-31T08:05:00Z' };

describe.each(databases)('POST /api/v1/suppressions on %s', (name) => {
  let test: TestApi;

  beforeEach(async () => {
    test = await openTestApi(name);
    await signUp(test.app, known, ['product-news:email', 'service-calls:phone'], 'fair', {
      phone: '030 123456',
    });
    await confirmSignup(test.app, await newestToken(test.app, known), aClient);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const report = (body: unknown, headers: Record<string, string> = {}) =>
    test.call('/suppressions', body, headers);
  const decide = async (contactPoint: string, purpose = 'product-news', channel = 'email') => {
    const { body } = await test.call('/decisions', { purpose, channel, contact_points: [contactPoint] });
    return (body.decisions as { allowed: boolean; reason: string }[])[0];
  };
  const blocks = () => test.app.db.selectFrom('suppressions').selectAll().orderBy('created_at').execute();
  const events = async () =>
    (await test.app.db.selectFrom('events').select('kind').orderBy('id').execute()).map(({ kind }) => kind);

  it('blocks who bounced and who complained, known or not, for every purpose, and nobody has said no', async () => {
    const before = await events();
    expect(await report([bounce, complaint])).toMatchObject({
      status: 200,
      body: { recorded: 2, suppressed: 2, withdrawn: 0 },
    });
    for (const purpose of ['product-news', 'event-invitations', 'partner-offers']) {
      expect(await decide(known, purpose)).toMatchObject({ allowed: false, reason: 'suppressed_bounce' });
      expect(await decide(stranger, purpose)).toMatchObject({
        allowed: false,
        reason: 'suppressed_complaint',
      });
    }
    expect(await decide('030 123456', 'service-calls', 'phone')).not.toMatchObject({
      reason: 'suppressed_bounce',
    });
    expect(await events()).toEqual(before);
    expect((await test.call('/permissions/lookup', { contact_point: stranger })).body).toMatchObject({
      known: false,
      blocked: { since: '2026-10-31T08:05:00.000Z', reason: 'suppressed_complaint' },
    });
    expect(await permissionsOf(test.app, known)).toMatchObject({ 'product-news:email': 'granted' });
    expect(await mailKindsTo(test.app, known)).toEqual(['confirm-signup', 'permissions-changed']);
    expect(await blocks()).toMatchObject([
      {
        reason: 'bounce',
        created_at: '2026-10-31T08:00:00.000Z',
        source: 'Kampagnenwerkzeug',
        recorded_at: '2026-11-02T09:00:00.000Z',
      },
      { reason: 'complaint', created_at: '2026-10-31T08:05:00.000Z' },
    ]);
  });

  it('takes the same twice, in one call, in two and in two at once, and blocks once', async () => {
    await Promise.all([
      report([bounce, bounce]),
      report([{ ...bounce, contact_point: ' KNOWN@example.org' }]),
    ]);
    expect(await report([bounce])).toMatchObject({ status: 200, body: { recorded: 1, suppressed: 0 } });
    expect(await blocks()).toHaveLength(1);
  });

  it('honours an Idempotency-Key', async () => {
    const once = { 'Idempotency-Key': 'report-1' };
    const [first, again] = [await report([bounce], once), await report([bounce], once)];
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(first.body).toMatchObject({ suppressed: 1 });
    expect(await report([complaint], once)).toMatchObject({ status: 422 });
  });

  it('lets in again who signs up anew and confirms after a bounce', async () => {
    await report([{ ...bounce, contact_point: stranger }]);
    await signUp(test.app, stranger, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, stranger), aClient);
    expect(await decide(stranger)).toMatchObject({ allowed: true });
  });

  it('takes an objection for what it is: what stands is withdrawn, the address blocked, the person told', async () => {
    const objections = [known, stranger].map((contact_point) => ({
      ...bounce,
      contact_point,
      reason: 'objection',
    }));
    expect(await report(objections)).toMatchObject({
      status: 200,
      body: { recorded: 2, suppressed: 2, withdrawn: 1 },
    });
    for (const address of [known, stranger]) {
      expect(await decide(address)).toMatchObject({ allowed: false, reason: 'suppressed_objection' });
      expect(await decide(address, 'event-invitations')).toMatchObject({ reason: 'suppressed_objection' });
    }
    expect(await permissionsOf(test.app, known)).toEqual({
      'product-news:email': 'withdrawn',
      'service-calls:phone': 'granted',
    });
    expect((await events()).at(-1)).toBe('withdrawn');
    expect(
      (await mailKindsTo(test.app, known)).filter((kind) => kind === 'permissions-changed'),
    ).toHaveLength(2);
    // It concerns the mailbox. The same about the number ends what hangs on the number.
    const number = { ...bounce, contact_point: '+49 30 123456', channel: 'phone', reason: 'objection' };
    expect(await report([number])).toMatchObject({ body: { withdrawn: 1, suppressed: 1 } });
    expect(await decide('030123456', 'service-calls', 'phone')).toMatchObject({
      reason: 'suppressed_objection',
    });
  });

  const refused: [string, object, string, string][] = [
    ['a reason that is none', { reason: 'soft' }, '/1/reason', 'invalid_value'],
    ['a time that has not come', { at: '2027-11-18T08:00:00Z' }, '/1/at', 'in_future'],
    ['what is no address', { contact_point: 'no address' }, '/1/contact_point', 'invalid'],
    ['an address of another channel', { channel: 'phone' }, '/1/contact_point', 'invalid'],
    ['a report without a source', { source: ' ' }, '/1/source', 'too_small'],
  ];
  it.each(refused)('records nothing of a list with %s', async (_, wrong, pointer, code) => {
    const answer = await report([bounce, { ...complaint, ...wrong }]);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer, code }] } });
    expect(await blocks()).toEqual([]);
    expect(await decide(known)).toMatchObject({ allowed: true });
  });

  it('takes a thousand, and neither none nor one more', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ ...bounce, contact_point: `dead-${at}@example.org` }));
    expect(await report([])).toMatchObject({ status: 422 });
    expect(await report(many(1001))).toMatchObject({ status: 422 });
    expect(await report(many(1000))).toMatchObject({
      status: 200,
      body: { recorded: 1000, suppressed: 1000 },
    });
    expect(await decide('dead-999@example.org')).toMatchObject({ reason: 'suppressed_bounce' });
  });

  it('needs the scope write', async () => {
    const at = test.app.now().toISOString();
    const key = await test.app.db
      .transaction()
      .execute((tx) => addApiKey(tx, at, { name: 'reader', scopes: ['read', 'decide', 'export'] }));
    expect(await report([bounce], { Authorization: `Bearer ${key}` })).toMatchObject({ status: 403 });
    expect(await blocks()).toEqual([]);
  });
});
