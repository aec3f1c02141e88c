/** The whole server with a mail server that refuses it: nothing is lost, and everybody who should know is told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BuiltServer, ensureBuilt, startBuilt } from '#tests/support/built-server.ts';
import { ask, formVersionOf, post } from '#tests/support/requests.ts';
import { type SmtpSink, startSmtpSink } from '#tests/support/smtp-sink.ts';

describe('a mail server that refuses the log-in', () => {
  let folder: string;
  let server: BuiltServer;
  let sink: SmtpSink;
  const people = ['alice@example.org', 'bob@example.org', 'carol@example.org'];

  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-mail-queue-'));
    sink = await startSmtpSink(['AUTH PLAIN']);
    sink.answers = { AUTH: ['535 5.7.8 wrong password'] };
    server = await startBuilt(folder, {
      LIMITS: 'off',
      MAIL_TRANSPORT: 'smtp',
      SMTP_URL: sink.url.replace('//', '//user:password@'),
      MAIL_FROM: 'Muster <consent@muster-werkzeuge.example>',
    });
  }, 240_000);
  afterAll(async () => {
    await server.kill();
    await sink.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const log = (what: string) => server.output().split(what).length - 1;
  const metric = async (name: string) => {
    const { body } = await ask(server, '/metrics');
    return Number(new RegExp(`^${name} (.+)$`, 'm').exec(body)?.[1]);
  };
  const desk = async (email: string) => {
    const { headers } = await post(server, '/staff/sign-in', { email, password: 'demo-jawort' });
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    return {
      get: (path: string) => ask(server, path, { headers: { Cookie: cookie } }),
      post: (path: string, body: string) =>
        ask(server, path, {
          method: 'POST',
          headers: {
            Cookie: cookie,
            Origin: server.url,
            'Content-Type': 'application/x-www-form-urlencoded',
          },
          body,
        }),
    };
  };

  it('pauses the queue, says so once, at the desk and in the metrics, and sends everything afterwards', async () => {
    const form_version = await formVersionOf(server);
    for (const email of people) {
      const { status } = await post(server, '/f/newsletter', {
        email,
        consent: 'product-news:email',
        form_version,
      });
      expect(status).toBe(303);
    }
    await vi.waitFor(() => expect(log('mail.queue_paused')).toBe(1), { timeout: 20_000, interval: 100 });
    expect(await metric('jawort_mail_queue_paused')).toBe(1);
    const admin = await desk('admin@example.org');
    for (const path of ['/staff?lang=en', '/staff/mails?lang=en']) {
      const { status, body } = await admin.get(path);
      expect(status).toBe(200);
      expect(body).toContain('No mail is being sent: the mail queue has been paused');
      expect(body).toContain('535 5.7.8 wrong password');
    }
    expect((await admin.get('/staff/mails?lang=en')).body).toContain('3 mails are waiting to be sent');
    await vi.waitFor(() => expect(sink.connections).toBeGreaterThan(1), { timeout: 20_000, interval: 100 });
    sink.answers = {};
    expect((await admin.post('/staff/mails', 'action=try')).status).toBe(303);
    await vi.waitFor(() => expect(sink.received).toHaveLength(3), { timeout: 20_000, interval: 100 });
    await vi.waitFor(() => expect(log('mail.queue_resumed')).toBe(1), { timeout: 20_000, interval: 100 });
    expect(log('mail.queue_paused')).toBe(1);
    expect(log('mail.given_up')).toBe(0);
    expect(await metric('jawort_mail_queue_paused')).toBe(0);
    expect((await admin.get('/staff')).body).not.toContain('535');
    for (const person of people) expect(server.output()).not.toContain(person);
  }, 90_000);

  it('shows what was given up to an agent, who sends it again, and not to marketing', async () => {
    sink.answers = { RCPT: ['550 5.7.1 not accepted by policy'] };
    const form_version = await formVersionOf(server);
    await post(server, '/f/newsletter', {
      email: 'dora@example.org',
      consent: 'product-news:email',
      form_version,
    });
    await vi.waitFor(() => expect(log('mail.given_up')).toBe(1), { timeout: 20_000, interval: 100 });
    sink.answers = {};
    const marketing = await desk('marketing@example.org');
    expect((await marketing.get('/staff/mails')).status).toBe(403);
    expect((await marketing.post('/staff/mails', 'action=send-all')).status).toBe(403);
    const agent = await desk('agent@example.org');
    const { body } = await agent.get('/staff/mails?lang=en');
    expect(body).toContain('550 5.7.1 not accepted by policy');
    expect(body).not.toContain('dora@example.org');
    const id = /name="mail" value="([^"]+)"/.exec(body)?.[1];
    const sent = await agent.post('/staff/mails', `action=send&mail=${id}`);
    expect([sent.status, sent.headers.location]).toEqual([303, '/staff/mails?queued=1']);
    await vi.waitFor(() => expect(sink.received).toHaveLength(4), { timeout: 20_000, interval: 100 });
    expect((await agent.get('/staff/mails?lang=en')).body).toContain('No mail has failed');
  }, 90_000);
});
