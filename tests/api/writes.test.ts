import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, mailKindsTo, newestToken, permissionsOf, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';

describe.each(databases)('withdrawals, uses, look-up and the change feed on %s', (name) => {
  let test: TestApi;

  beforeEach(async () => {
    test = await openTestApi(name);
    await signUp(test.app, alice, ['product-news:email', 'service-calls:phone'], 'fair', {
      phone: '030 123456',
    });
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  async function reasonFor(contactPoint: string, purpose = 'product-news', channel = 'email') {
    const { body } = await test.call('/decisions', { purpose, channel, contact_points: [contactPoint] });
    return (body.decisions as { reason: string }[])[0]?.reason;
  }

  it('withdraws one thing, which the next decision sees and a mail tells', async () => {
    const { app, call } = test;
    const withdrawal = { contact_point: alice, purpose: 'product-news', channel: 'email', how: 'telephone' };
    expect(await call('/withdrawals', withdrawal)).toMatchObject({
      status: 200,
      body: { changes: [{ purpose: 'product-news', from: 'granted', to: 'withdrawn' }], notified: true },
    });
    expect(await reasonFor(alice)).toBe('withdrawn');
    expect((await mailKindsTo(app, alice)).at(-1)).toBe('permissions-changed');
    expect(await permissionsOf(app, alice)).toMatchObject({ 'service-calls:phone': 'granted' });
  });

  it('withdraws everything of whoever calls, by any of their addresses, and says it twice without harm', async () => {
    const { app, call } = test;
    for (const round of [1, 2]) {
      const { body } = await call('/withdrawals', { contact_point: '+49 30 123456', how: 'in a call' });
      expect(body).toMatchObject({ suppressed: false });
      expect((body.changes as unknown[]).length).toBe(round === 1 ? 2 : 0);
    }
    expect(Object.values(await permissionsOf(app, alice))).toEqual(['withdrawn', 'withdrawn']);
  });

  it('blocks an address that nobody knew', async () => {
    await test.call('/withdrawals', { contact_point: 'nobody@example.org', how: 'letter' });
    expect(await reasonFor('nobody@example.org')).toBe('suppressed_objection');
  });

  it('records uses that were reported late, all or none', async () => {
    const { app, call, pass } = test;
    pass({ days: 3 });
    const used = { contact_point: alice, purpose: 'product-news', channel: 'email', campaign: '2026-11' };
    const times = ['2026-11-04T10:00:00Z', '2026-11-03T10:00:00+01:00'];
    const answer = await call(
      '/uses',
      times.map((used_at) => ({ ...used, used_at })),
    );
    expect(answer).toMatchObject({ status: 201, body: { recorded: 2, after_the_end: 0 } });
    const [permission] = await app.db
      .selectFrom('permissions')
      .select('last_used_at')
      .where('channel', '=', 'email')
      .execute();
    expect(permission?.last_used_at).toBe('2026-11-04T10:00:00.000Z');
    const wrong = [
      { ...used, used_at: times[0] },
      { ...used, contact_point: 'nobody@example.org', used_at: times[0] },
      { ...used, used_at: '2027-01-01T00:00:00Z' },
    ];
    expect(await call('/uses', wrong)).toMatchObject({
      status: 422,
      body: {
        errors: [
          { pointer: '/1/contact_point', code: 'no_permission' },
          { pointer: '/2/used_at', code: 'in_future' },
        ],
      },
    });
    expect(await app.db.selectFrom('uses').selectAll().execute()).toHaveLength(2);
    const beyond = await call('/uses', [{ ...used, used_at: '9999-12-31T23:59:59-14:00' }]);
    expect(beyond).toMatchObject({ status: 422, body: { errors: [{ pointer: '/0/used_at' }] } });
  });

  it('records the use of a shared number for the one that a decision about it looks at', async () => {
    const { app, call } = test;
    for (const other of ['bob@example.org', 'carla@example.org']) {
      await signUp(app, other, ['service-calls:phone'], 'fair', { phone: '+49 30 123456' });
      await confirmSignup(app, await newestToken(app, other), aClient);
    }
    const asked = {
      purpose: 'service-calls',
      channel: 'phone',
      audience: 'consumer',
      jurisdiction: 'DE',
    } as const;
    const looked = async () => {
      const ids = [undefined, app.now().toISOString()].map((at) =>
        decideContacts(app, app.db, at ? { ...asked, at } : asked, ['030 123456']),
      );
      return (await Promise.all(ids)).map(([one]) => one?.found.contactPoint?.contactPointId);
    };
    test.pass({ hours: 1 });
    const [now, then] = await looked();
    const used = { contact_point: '030123456', purpose: 'service-calls', channel: 'phone' };
    expect(await call('/uses', [{ ...used, used_at: '2026-11-02T09:30:00Z' }])).toMatchObject({
      status: 201,
    });
    const usedOnes = await app.db
      .selectFrom('permissions')
      .select('contact_point_id')
      .where('last_used_at', 'is not', null)
      .execute();
    expect(usedOnes).toEqual([{ contact_point_id: now }]);
    expect(then).toBe(now);
  });

  it('shows each purpose on each channel: yes, no, or nothing said', async () => {
    const { body } = await test.call('/permissions/lookup', { contact_point: alice });
    const answers = (body.permissions as { purpose: string; channel: string; answer: string }[]).map(
      ({ purpose, channel, answer }) => `${purpose}:${channel}=${answer}`,
    );
    expect(answers).toContain('product-news:email=yes');
    expect(answers).toContain('partner-offers:email=none');
    expect(JSON.stringify(body)).not.toContain(alice);
    const nobody = await test.call('/permissions/lookup', { contact_point: 'nobody@example.org' });
    expect(nobody.body).toMatchObject({ known: false });
    expect(nobody.body.permissions).toHaveLength(8);
  });

  interface Feed {
    data: { id: string; position: number; event: string }[];
    next_cursor: string;
    has_more: boolean;
  }

  it('tells every event once, in order, page by page', async () => {
    const { call } = test;
    const first = (await call('/events?limit=3')).body as unknown as Feed;
    expect(first.data.map(({ position }) => position)).toEqual([1, 2, 3]);
    expect(first.has_more).toBe(true);
    const second = (await call(`/events?limit=3&cursor=${first.next_cursor}`)).body as unknown as Feed;
    expect(second.data.map(({ event }) => event)).toEqual(['confirmed']);
    expect(second.has_more).toBe(false);
    await call('/withdrawals', { contact_point: alice, how: 'telephone' });
    const third = (await call(`/events?cursor=${second.next_cursor}`)).body as unknown as Feed;
    expect(third.data.map(({ event }) => event)).toEqual(['withdrawn', 'withdrawn']);
    expect(JSON.stringify([first, second, third])).not.toContain('alice');
  });

  it('misses nothing while others write', async () => {
    const { call } = test;
    const seen: string[] = [];
    let cursor = '';
    const read = async () => {
      const page = (await call(`/events?limit=5${cursor && `&cursor=${cursor}`}`)).body as unknown as Feed;
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
      return page.data.length;
    };
    const writing = Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        signUp(test.app, `p${index}@example.org`, ['product-news:email']),
      ),
    );
    for (let round = 0; round < 10; round++) await read();
    await writing;
    while ((await read()) > 0);
    const all = await test.app.db.selectFrom('events').select('id').execute();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(all.length);
  });

  it('refuses a cursor that it did not give', async () => {
    expect((await test.call('/events?cursor=abc')).status).toBe(422);
    expect((await test.call('/events?limit=0')).status).toBe(422);
  });
});
