import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resendTransport } from '#src/mail/resend-transport.ts';
import { type ResendServer, startResendServer } from '#tests/support/resend-server.ts';
import { anOutgoingMail } from './an-outgoing-mail.ts';

describe('the Resend transport', () => {
  let server: ResendServer;

  beforeEach(async () => {
    server = await startResendServer();
  });
  afterEach(async () => {
    await server.close();
  });

  const transport = (settings: { timeoutMillis?: number } = {}) =>
    resendTransport({ apiKey: 're_test', baseUrl: `${server.url}/`, ...settings });
  const mails = (count: number) => Array.from({ length: count }, () => anOutgoingMail());

  it('sends one mail with its id as the key, and everything that the mail is', async () => {
    const mail = anOutgoingMail({ headers: { 'Auto-Submitted': 'auto-generated' } });
    const [result] = await transport().send([mail]);
    expect(result).toEqual({ outcome: 'sent', providerId: 're_1', answer: 'accepted' });
    expect(server.requests).toEqual([
      {
        path: '/emails',
        key: mail.id,
        authorization: 'Bearer re_test',
        mails: [
          {
            from: mail.from,
            to: [mail.to],
            reply_to: mail.replyTo,
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            headers: { 'Auto-Submitted': 'auto-generated', 'X-Entity-Ref-ID': mail.id },
          },
        ],
      },
    ]);
  });

  it('sends a hundred mails in one request, each with its own id back', async () => {
    const results = await transport().send(mails(100));
    expect(server.requests.map(({ path, mails }) => [path, mails.length])).toEqual([['/emails/batch', 100]]);
    expect(results.map((result) => result.outcome === 'sent' && result.providerId)).toEqual(
      results.map((_, index) => `re_${index + 1}`),
    );
  });

  it('gives the same batch the same key, so that nothing comes twice after a lost answer', async () => {
    const batch = mails(3);
    server.answer = () => 'take and break';
    const lost = await transport().send(batch);
    server.answer = () => 'take';
    const repeated = await transport().send(batch);
    expect(lost.map((result) => result.outcome)).toEqual(['retry', 'retry', 'retry']);
    expect(repeated.map((result) => result.outcome)).toEqual(['sent', 'sent', 'sent']);
    expect(server.requests[0]?.key).toBe(server.requests[1]?.key);
    expect(server.delivered).toHaveLength(3);
  });

  it('waits as long as Resend asks for after 429', async () => {
    server.answer = () => ({ status: 429, name: 'rate_limit_exceeded', headers: { 'retry-after': '7' } });
    const [result] = await transport().send(mails(1));
    expect(result).toEqual({
      outcome: 'retry',
      reason: '429 rate_limit_exceeded: Refused.',
      retryAfterSeconds: 7,
    });
  });

  it('understands a Retry-After that is a date, and does without one', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    server.answer = () => ({ status: 429, headers: { 'retry-after': date } });
    const [dated] = await transport().send(mails(1));
    expect(dated?.outcome === 'retry' && dated.retryAfterSeconds).toBeGreaterThan(50);
    server.answer = () => ({ status: 429 });
    const [undated] = await transport().send(mails(1));
    expect(undated).toMatchObject({ outcome: 'retry', retryAfterSeconds: 1 });
  });

  it('tries again under the same key after 500, a time-out and a refused connection', async () => {
    const mail = anOutgoingMail();
    server.answer = () => ({ status: 500 });
    expect(await transport().send([mail])).toMatchObject([{ outcome: 'retry', handedOver: mail.id }]);
    server.answer = () => 'hang';
    expect(await transport({ timeoutMillis: 200 }).send([mail])).toMatchObject([
      { outcome: 'retry', handedOver: mail.id },
    ]);
    await server.close();
    expect(await transport().send([mail])).toMatchObject([{ outcome: 'retry', handedOver: mail.id }]);
  });

  it.each([
    [401, 'missing_api_key'],
    [401, 'restricted_api_key'],
    [402, 'payment_required'],
    [403, 'invalid_api_key'],
    [403, 'validation_error'],
    [404, 'not_found'],
    [405, 'method_not_allowed'],
    [422, 'invalid_from_address'],
    [429, 'daily_quota_exceeded'],
    [429, 'monthly_quota_exceeded'],
    [451, 'security_error'],
  ])('pauses after %i %s, which is about the account', async (status, name) => {
    server.answer = () => ({ status, name });
    expect(await transport().send(mails(3))).toEqual(
      Array.from({ length: 3 }, () => ({ outcome: 'pause', reason: `${status} ${name}: Refused.` })),
    );
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['an empty list', { data: [] }],
    ['no list', {}],
    ['nothing', null],
    ['a list without ids', { data: [{}, { id: '' }, null] }],
  ])('believes no 200 with %s', async (_, body) => {
    server.answer = () => ({ body });
    for (const count of [1, 3]) {
      const results = await transport().send(mails(count));
      expect(results.map(({ outcome }) => outcome)).toEqual(Array.from({ length: count }, () => 'retry'));
    }
  });

  it('pauses after a refusal that is not in the form of Resend', async () => {
    server.answer = () => ({ body: { error: 'Unauthorized' }, code: 401 });
    expect(await transport().send(mails(2))).toMatchObject([{ outcome: 'pause' }, { outcome: 'pause' }]);
    server.answer = () => ({ body: 'Unauthorized', code: 403 });
    expect(await transport().send(mails(1))).toMatchObject([{ outcome: 'pause' }]);
  });

  it('takes only those mails of a batch for sent whose ids came back', async () => {
    server.answer = () => ({ body: { data: [{ id: 're_1' }, {}, { id: 're_3' }] } });
    const results = await transport().send(mails(4));
    expect(results.map((result) => (result.outcome === 'sent' ? result.providerId : result.outcome))).toEqual(
      ['re_1', 'retry', 're_3', 'retry'],
    );
  });

  it('tries again later when its key is still held by another request', async () => {
    server.answer = () => ({ status: 409, name: 'invalid_idempotent_request' });
    expect(await transport().send(mails(1))).toMatchObject([{ outcome: 'retry' }]);
  });

  it.each([400, 413, 422])('gives up after %i and says why', async (status) => {
    server.answer = () => ({ status, name: 'validation_error', message: 'Invalid `to` field.' });
    expect(await transport().send(mails(1))).toEqual([
      { outcome: 'refused', reason: `${status} validation_error: Invalid \`to\` field.` },
    ]);
  });

  it('sends the ninety-nine neighbours of one bad mail', async () => {
    const batch = mails(100);
    const bad = batch[41];
    if (bad) bad.to = 'bad@example.org';
    server.answer = ({ mails }) =>
      mails.some(({ to }) => to[0] === 'bad@example.org')
        ? { status: 422, name: 'validation_error' }
        : 'take';
    const results = await transport().send(batch);
    expect(results.map((result) => result.outcome)).toEqual(
      batch.map((mail) => (mail === bad ? 'refused' : 'sent')),
    );
    expect(server.delivered).toHaveLength(99);
    expect(server.requests.length).toBeLessThan(20);
  });

  it('comes back to a key that Resend is still busy with', async () => {
    server.answer = () => ({ status: 409, name: 'concurrent_idempotent_requests' });
    expect(await transport().send(mails(2))).toMatchObject([{ outcome: 'retry' }, { outcome: 'retry' }]);
  });
});
