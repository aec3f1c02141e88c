import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverDue } from '#src/mail/deliver.ts';
import { findPause } from '#src/mail/queue-pause.ts';
import { resendTransport } from '#src/mail/resend-transport.ts';
import type { Transport } from '#src/mail/transport.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { type ResendServer, startResendServer } from '#tests/support/resend-server.ts';

const [alice, bob, carol] = ['alice@example.org', 'bob@example.org', 'carol@example.org'];

describe.each(databases)('deliverDue on %s', (name) => {
  let test: TestApp;
  let server: ResendServer;
  let transport: Transport;

  beforeEach(async () => {
    test = await openTestApp(name);
    server = await startResendServer();
    transport = resendTransport({ apiKey: 're_test', baseUrl: server.url });
  });
  afterEach(async () => {
    await server.close();
    await test.close();
  });

  const deliver = (by = transport) => deliverDue(test.app, by, 100);
  const signUpAll = async (...people: string[]) => {
    for (const person of people) await signUp(test.app, person, ['product-news:email']);
  };
  const mails = () => test.app.db.selectFrom('mails').selectAll().orderBy('id').execute();
  const states = async () => (await mails()).map((mail) => mail.state);
  const receivers = () => server.delivered.flatMap((mail) => mail.to);

  it('sends what is due, once, and keeps what the provider said', async () => {
    await signUpAll(alice, bob);
    expect(await deliver()).toMatchObject({ sent: 2, retried: 0, failed: 0 });
    expect(await deliver()).toMatchObject({ sent: 0 });
    expect(receivers()).toEqual([alice, bob]);
    expect(await mails()).toMatchObject([
      { state: 'sent', attempts: 1, provider_id: 're_1', provider_answer: 'accepted', claimed_until: null },
      { state: 'sent', attempts: 1, provider_id: 're_2', sent_at: test.app.now().toISOString() },
    ]);
  });

  it('waits longer after each failure, and sends the very same mail when the provider is back', async () => {
    await signUpAll(alice);
    server.answer = () => ({ status: 500 });
    expect(await deliver()).toMatchObject({ sent: 0, retried: 1 });
    expect(await deliver()).toMatchObject({ retried: 0 });
    test.pass({ minutes: 1 });
    expect(await deliver()).toMatchObject({ retried: 1 });
    test.pass({ minutes: 1 });
    server.answer = () => 'take';
    expect(await deliver()).toMatchObject({ sent: 1 });
    expect(new Set(server.requests.map((request) => JSON.stringify(request))).size).toBe(1);
    expect(await mails()).toMatchObject([{ state: 'sent', attempts: 3 }]);
  });

  it('sends what somebody waits for before the notices that were queued earlier, and fills its round with those', async () => {
    await signUpAll(alice, bob);
    await deliver();
    for (const person of [alice, bob])
      await confirmSignup(test.app, await newestToken(test.app, person), aClient);
    test.pass({ minutes: 1 });
    await signUpAll(carol);
    await deliverDue(test.app, transport, 1);
    expect(receivers()).toEqual([alice, bob, carol]);
    await signUpAll('dora@example.org');
    expect(await deliver()).toMatchObject({ sent: 3 });
    expect(receivers().slice(3).sort()).toEqual([alice, bob, 'dora@example.org']);
  });

  it('gives up in the end and keeps the last answer, without the address in it', async () => {
    await signUpAll(alice);
    await deliver();
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
    server.answer = () => ({ status: 503, message: `No room for ${alice} at https://x.example/?t=1` });
    for (let attempt = 1; attempt < 14; attempt += 1) {
      expect(await deliver()).toMatchObject({ retried: 1, failed: 0 });
      test.pass({ hours: 6 });
    }
    expect(await deliver()).toMatchObject({ retried: 0, failed: 1 });
    test.pass({ days: 30 });
    expect(await deliver()).toMatchObject({ sent: 0, retried: 0, failed: 0 });
    expect((await mails())[1]).toMatchObject({
      kind: 'permissions-changed',
      state: 'failed',
      attempts: 14,
      provider_answer: '503 application_error: No room for (address) at (link)',
    });
  });

  it('stops asking for a confirmation when its link would have expired', async () => {
    await signUpAll(alice);
    server.answer = () => ({ status: 500 });
    let rounds = 0;
    while ((await states())[0] === 'queued') {
      await deliver();
      test.pass({ hours: 8 });
      rounds += 1;
    }
    expect(await states()).toEqual(['failed']);
    expect(rounds).toBeLessThanOrEqual(10);
  });

  it('gives up at once on what the provider will never take, and sends the others', async () => {
    await signUpAll(alice, bob, carol);
    server.answer = ({ mails }) =>
      mails.some((mail) => mail.to.includes(bob)) ? { status: 422, name: 'validation_error' } : 'take';
    expect(await deliver()).toMatchObject({ sent: 2, failed: 1 });
    expect(await mails()).toMatchObject([
      { state: 'sent' },
      { state: 'failed', provider_answer: '422 validation_error: Refused.' },
      { state: 'sent' },
    ]);
  });

  it.each([401, 403])(
    'pauses the queue after %i, gives no mail up, and sends all of them afterwards',
    async (status) => {
      await signUpAll(alice, bob, carol);
      server.answer = () => ({ status, name: 'invalid_api_key' });
      for (let round = 0; round < 20; round += 1) {
        expect(await deliver()).toMatchObject({ sent: 0, retried: 0, failed: 0 });
        test.pass({ minutes: 10 });
      }
      expect((await mails()).map(({ state, attempts }) => [state, attempts])).toEqual(
        Array.from({ length: 3 }, () => ['queued', 0]),
      );
      expect(await findPause(test.app.db)).toMatchObject({ reason: `${status} invalid_api_key: Refused.` });
      server.answer = () => 'take';
      while ((await deliver()).sent > 0);
      expect(receivers().sort()).toEqual([alice, bob, carol]);
      expect(await findPause(test.app.db)).toBeUndefined();
    },
  );

  it('keeps a batch together whose outcome is unknown, also through a pause', async () => {
    await signUpAll(alice, bob);
    server.answer = () => 'take and break';
    await deliver();
    test.pass({ minutes: 1 });
    server.answer = () => ({ status: 401, name: 'missing_api_key' });
    expect(await deliver()).toMatchObject({ paused: 2 });
    server.answer = () => 'take';
    test.pass({ minutes: 1 });
    while ((await deliver()).sent > 0);
    expect(receivers()).toEqual([alice, bob]);
    expect(new Set(server.requests.map(({ key }) => key)).size).toBe(1);
  });

  it('believes no 200 without ids, and sends the mails at the next try', async () => {
    await signUpAll(alice, bob);
    server.answer = () => ({ body: { data: [] } });
    expect(await deliver()).toMatchObject({ sent: 0, retried: 2 });
    server.answer = () => 'take';
    test.pass({ minutes: 1 });
    while ((await deliver()).sent > 0);
    expect(receivers().sort()).toEqual([alice, bob]);
  });

  it('counts the attempt when a transport throws', async () => {
    await signUpAll(alice);
    const broken: Transport = { ...transport, send: () => Promise.reject(new Error('bug')) };
    expect(await deliver(broken)).toMatchObject({ retried: 1 });
    expect(await mails()).toMatchObject([{ state: 'queued', attempts: 1, provider_answer: 'Error: bug' }]);
  });

  it('leaves the provider alone for as long as it asks', async () => {
    await signUpAll(alice);
    server.answer = () => ({ status: 429, headers: { 'retry-after': '3600' } });
    expect(await deliver()).toMatchObject({ retried: 1, pauseSeconds: 3600 });
    server.answer = () => 'take';
    test.pass({ minutes: 59 });
    expect(await deliver()).toMatchObject({ sent: 0 });
    test.pass({ minutes: 1 });
    expect(await deliver()).toMatchObject({ sent: 1 });
  });

  it('sends nothing twice when the process ends between sending and marking', async () => {
    await signUpAll(alice, bob);
    await new Promise<void>((sent) => {
      const dying: Transport = {
        ...transport,
        send: async (some) => {
          await transport.send(some);
          sent();
          return new Promise(() => {});
        },
      };
      void deliver(dying);
    });
    expect(server.delivered).toHaveLength(2);
    await signUpAll(carol);
    test.pass({ minutes: 1 });
    expect(await deliver()).toMatchObject({ sent: 2 });
    expect(await deliver()).toMatchObject({ sent: 1 });
    expect(receivers()).toEqual([alice, bob, carol]);
    expect(await states()).toEqual(['sent', 'sent', 'sent']);
  });

  it('repeats a batch whose answer was lost as it was, also when someone has answered since', async () => {
    await signUpAll(alice, bob);
    server.answer = () => 'take and break';
    expect(await deliver()).toMatchObject({ retried: 2 });
    server.answer = () => 'take';
    await confirmSignup(test.app, await newestToken(test.app, bob), aClient);
    await signUpAll(carol);
    test.pass({ minutes: 1 });
    while ((await deliver()).sent > 0);
    expect(receivers().sort()).toEqual([alice, bob, bob, carol]);
    const sizes = server.requests.map((request) => request.mails.length);
    expect([sizes[0], Math.max(...sizes)]).toEqual([2, 2]);
    expect(await states()).toEqual(['sent', 'sent', 'sent', 'sent']);
  });

  it('shares mails among workers without sending any twice', async () => {
    const people = Array.from({ length: 30 }, (_, index) => `person${index}@example.org`);
    await signUpAll(...people);
    await Promise.all(Array.from({ length: 6 }, () => deliverDue(test.app, transport, 7)));
    while ((await deliver()).sent > 0);
    expect(receivers().sort()).toEqual([...people].sort());
    expect(server.requests.every((request) => request.mails.length <= 30)).toBe(true);
  });

  it('does not send what was answered or replaced before it went out', async () => {
    await signUpAll(alice);
    await signUpAll(alice);
    await signUpAll(bob);
    await rejectSignup(test.app, await newestToken(test.app, bob), aClient);
    expect(await deliver()).toMatchObject({ sent: 1, cancelled: 2 });
    expect(await states()).toEqual(['cancelled', 'sent', 'cancelled']);
    expect(server.delivered[0]?.text).toContain(`/confirm/${await newestToken(test.app, alice)}`);
  });

  it('sends nothing to someone who was erased', async () => {
    await signUpAll(alice);
    await test.app.db.updateTable('people').set({ key_wrapped: null }).execute();
    expect(await deliver()).toMatchObject({ sent: 0, cancelled: 1 });
  });

  it('lets one mail that cannot be read hold up nobody else', async () => {
    await signUpAll(alice, bob);
    const [first] = await mails();
    await test.app.db
      .updateTable('mails')
      .set({ content_enc: 'broken' })
      .where('id', '=', first?.id ?? '')
      .execute();
    expect(await deliver()).toMatchObject({ sent: 1, retried: 1 });
    expect(receivers()).toEqual([bob]);
  });
});
