/** Everything that nobody should send, to every address that takes something: an answer, no error, nothing half written. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltServer, ensureBuilt, runCommand, startBuilt } from '#tests/support/built-server.ts';
import { mailsIn, mailsTo } from '#tests/support/mailbox.ts';
import { type Answer, ask, formVersionOf, post } from '#tests/support/requests.ts';

const alice = 'alice@example.org';
const markup = '<script>alert(1)</script>';

const nasty = [
  '',
  '\0',
  'a\r\nX-Evil: yes',
  'a\nBcc: bob@example.org',
  markup,
  '"><img src=x onerror=alert(1)>',
  '\u202Eevil',
  'zero\u200Bwidth',
  '\uFFFE',
  '€ \u{1F600}',
  'ß'.repeat(200),
  'x'.repeat(5_000),
  'e\u0301'.repeat(150),
  "' OR 1=1 --",
  '{name, plural, one {x}}',
  '%00%0d%0a',
  '../../etc/passwd',
  '|',
  '__proto__',
  '1e309',
];

describe('bad input', () => {
  let folder: string;
  let server: BuiltServer;
  let links: { manage: string; unsubscribe: string };

  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-bad-input-'));
    server = await startBuilt(folder, { LIMITS: 'off' });
    links = await signedUp();
  }, 240_000);
  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('in a field of the form is refused or taken, and never echoed as markup', async () => {
    const filled = {
      form_version: await formVersionOf(server, 'fair'),
      consent: ['product-news:email', 'product-news:post', 'event-invitations:phone'],
      given_name: 'Bob',
      family_name: 'Muster',
      company: 'Muster',
      phone: '+49 151 12345678',
      street: 'Hauptstraße 1',
      postal_code: '63452',
      city: 'Hanau',
      country: 'DE',
    };
    const hidden = ['source', 'page_url', 'shown_at', 'lang', 'remarks'];
    for (const name of ['email', ...Object.keys(filled), ...hidden]) {
      await atOnce(nasty, async (value, index) => {
        const fields = { email: `bob-${index}@example.org`, ...filled, [name]: value };
        expectAnswer(await post(server, '/f/fair', fields), [303, 422], `${name}=${value}`);
      });
    }
  }, 120_000);

  it('where an address, a handle, a code or a choice is expected is answered with a page', async () => {
    for (const value of nasty) {
      const tries: [path: string, fields: Record<string, string | string[]>][] = [
        ['/f/newsletter/sent', { s: value, code: value }],
        ['/f/newsletter/sent', { s: value, action: 'resend' }],
        ['/f/newsletter/sent', { s: value, action: value }],
        ['/preferences', { email: value }],
        ['/preferences', { email: value, show_in: value }],
        [links.manage, { action: `${value}!` }],
        [links.manage, { [`p:${value}:email`]: 'no' }],
        [links.manage, { 'p:product-news:email': `${value}!` }],
        [links.manage, { 'p:product-news:email': ['yes', value] }],
      ];
      await atOnce(tries, async ([path, fields]) => {
        expectAnswer(await post(server, path, fields), [303, 422], `${path} ${JSON.stringify(fields)}`);
      });
      const looks = ['s', 'source', 'lang', 'done'].flatMap((query) =>
        ['/f/newsletter/sent', links.manage].map((path) => `${path}?${query}=${encodeURIComponent(value)}`),
      );
      await atOnce(looks, async (address) => expectAnswer(await ask(server, address), [200], address));
    }
  }, 120_000);

  it('in a link finds nothing', async () => {
    for (const value of nasty.filter((text) => text !== '')) {
      const link = encodeURIComponent(value).replaceAll('.', '%2e');
      const tries: [path: string, action: string][] = [
        [`/confirm/${link}`, 'resend'],
        [`/p/${link}`, 'fresh-link'],
        [`/u/${link}`, ''],
        [`/f/${link}`, ''],
        [`/f/${link}/sent`, 'resend'],
      ];
      await atOnce(tries, async ([path, action]) => {
        expectAnswer(await ask(server, path), [404], path);
        expectAnswer(await post(server, path, { action }), [404], path);
      });
    }
  }, 120_000);

  it('repeated under any name is named in JSON by a pointer that can be followed', async () => {
    const fields = { email: alice, form_version: await formVersionOf(server), 'a/b~c': ['1', '2'] };
    const body = new URLSearchParams(
      Object.entries(fields).flatMap(([k, v]) => [v].flat().map((one) => [k, one])),
    );
    const headers = { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await ask(server, '/f/newsletter', { method: 'POST', headers, body: body.toString() });
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.body).errors).toContainEqual(
      expect.objectContaining({ pointer: '/a~1b~0c', code: 'repeated' }),
    );
  });

  it('does not keep anybody from leaving', async () => {
    const bodies: [type: string | undefined, body: string][] = [
      ['text/plain;charset=UTF-8', 'List-Unsubscribe=One-Click'],
      [undefined, 'List-Unsubscribe=One-Click'],
      ['application/json', '{'],
      ['multipart/form-data', 'no boundary'],
      ['application/x-www-form-urlencoded', 'List-Unsubscribe=%E0%A4%A'],
    ];
    for (const [type, body] of bodies) {
      const headers: Record<string, string> = type ? { 'Content-Type': type } : {};
      const answer = await ask(server, links.unsubscribe, { method: 'POST', headers, body });
      expect([type, answer.status, answer.headers.location]).toEqual([type, 200, undefined]);
    }
    const { body } = await ask(server, links.manage);
    expect(body).toContain('<input type="radio" name="p:product-news:email" value="no" checked>');
  });

  it('of a method gets to know which ones there are', async () => {
    const wrong: [method: string, path: string][] = [
      ['TRACE', '/api/v1/openapi.json'],
      ['TRACE', '/f/newsletter'],
      ['POST', '/robots.txt'],
      ['PUT', '/embed.js'],
      ['POST', '/healthz'],
      ['DELETE', '/readyz'],
      ['POST', '/metrics'],
    ];
    for (const [method, path] of wrong) {
      const { status, headers } = await ask(server, path, { method });
      expect([method, path, status, headers.allow?.includes('GET')]).toEqual([method, path, 405, true]);
    }
  });

  it('leaves a ledger that fits, no error in the log, and no header in a mail that nobody meant', async () => {
    expect(server.output()).not.toMatch(/"level":50/);
    // Nothing is found, and nothing was kept outside to compare with.
    expect(await runCommand(folder, 'ledger', 'verify')).toMatchObject({ code: 3 });
    for (const mail of await mailsIn(join(folder, 'mail'))) {
      expect(Object.keys(mail.headers)).not.toContain('bcc');
      expect(mail.source).not.toMatch(/X-Evil|<script|<img/i);
    }
  });

  function expectAnswer(answer: Answer, statuses: number[], what: string): void {
    expect(statuses, `${answer.status} for ${what.slice(0, 200)}`).toContain(answer.status);
    expect(answer.body.includes('<script>') || answer.body.includes('<img src=x'), what).toBe(false);
    expect(answer.headers['x-evil']).toBeUndefined();
    expect(answer.headers['set-cookie']).toBeUndefined();
  }

  async function atOnce<T>(all: T[], one: (item: T, index: number) => Promise<void>): Promise<void> {
    await Promise.all(all.map(one));
  }

  async function signedUp() {
    const form_version = await formVersionOf(server);
    await post(server, '/f/newsletter', { email: alice, consent: 'product-news:email', form_version });
    await post(server, (await mailOf('confirm-signup')).links.confirm ?? '', { action: 'confirm' });
    const { manage = '', unsubscribe = '' } = (await mailOf('permissions-changed')).links;
    return { manage, unsubscribe };
  }

  async function mailOf(kind: string) {
    for (;;) {
      const mail = (await mailsTo(join(folder, 'mail'), alice)).find((one) => one.kind === kind);
      if (mail) return mail;
      await wait(50);
    }
  }
});
