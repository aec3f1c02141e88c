import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '#src/app/config.ts';

const secret = 'kR3vHq8LzW1nTf6YbP0sXm4JdGc9AeUu2iOh7Cw5';
const production = {
  NODE_ENV: 'production',
  APP_SECRET: secret,
  BASE_URL: 'https://consent.example.org/',
  MAIL_FROM: 'consent@example.org',
  MAIL_TRANSPORT: 'smtp',
  SMTP_URL: 'smtp://mail.example.org:587',
};
const mistakesOf = (environment: Record<string, string>) => {
  const read = readConfig(environment);
  return read.ok ? [] : read.mistakes;
};

describe('readConfig', () => {
  it('needs nothing for the demo', () => {
    const read = readConfig({});
    expect(read).toMatchObject({
      ok: true,
      config: {
        production: false,
        databaseUrl: 'sqlite:var/jawort.db',
        baseUrl: 'http://localhost:4321',
        port: 4321,
        limits: true,
        mail: { transport: 'file', dir: 'var/mail' },
      },
    });
  });

  it('takes a complete production environment, and the address without its last slash', () => {
    expect(readConfig(production)).toMatchObject({
      ok: true,
      config: { production: true, baseUrl: 'https://consent.example.org', host: undefined },
    });
  });

  it('lists every mistake at once', () => {
    const mistakes = mistakesOf({
      PORT: 'http',
      LIMITS: 'maybe',
      MAIL_TRANSPORT: 'pigeon',
      BASE_URL: 'example',
    });
    expect(mistakes.map((mistake) => mistake.split(':')[0]).sort()).toEqual([
      'BASE_URL',
      'LIMITS',
      'MAIL_TRANSPORT',
      'PORT',
    ]);
  });

  it('lists what is missing beside what is wrong', () => {
    const mistakes = mistakesOf({ NODE_ENV: 'production', MAIL_TRANSPORT: 'resend', PORT: 'http' });
    expect(mistakes.map((mistake) => mistake.split(/[: ]/)[0]).sort()).toEqual([
      'APP_SECRET',
      'BASE_URL',
      'MAIL_FROM',
      'PORT',
      'RESEND_API_KEY',
    ]);
  });

  it('assumes nothing in production', () => {
    const mistakes = mistakesOf({ NODE_ENV: 'production' });
    for (const name of ['APP_SECRET', 'BASE_URL', 'MAIL_FROM', 'MAIL_TRANSPORT']) {
      expect(mistakes.some((mistake) => mistake.startsWith(name))).toBe(true);
    }
    const demo = mistakesOf({ ...production, APP_SECRET: 'jawort-demo-secret-that-everybody-knows' });
    expect(demo).toEqual(['APP_SECRET is the one of the demo. Make your own.']);
  });

  it.each([
    ['RESEND_API_KEY', { MAIL_TRANSPORT: 'resend' }],
    ['SMTP_URL', { MAIL_TRANSPORT: 'smtp' }],
    ['APP_SECRET', { APP_SECRET: 'short' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://db' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'yes' }],
    ['NODE_ENV', { NODE_ENV: 'Production' }],
    ['PORT', { PORT: '0x10' }],
    ['PORT', { PORT: '65536' }],
    ['BASE_URL', { BASE_URL: 'https://example.org/consent' }],
    ['BASE_URL', { BASE_URL: 'https://example.org/?a=b' }],
    ['BASE_URL', { BASE_URL: 'https://user:secret@example.org' }],
    ['MAIL_FROM', { MAIL_FROM: 'a@example.org\r\nBcc: b@example.org' }],
  ])('names %s when it is missing or wrong', (name, environment) => {
    expect(mistakesOf(environment as Record<string, string>).join()).toContain(name);
  });

  it('reads each secret from a file, and refuses two places for one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'jawort-secret-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'app');
    writeFileSync(file, `${secret}\n`);
    const { APP_SECRET: _, ...rest } = production;
    expect(readConfig({ ...rest, APP_SECRET_FILE: file })).toMatchObject({ config: { appSecret: secret } });
    expect(mistakesOf({ ...production, APP_SECRET_FILE: file })).toEqual([
      'APP_SECRET and APP_SECRET_FILE are both set. Keep one of them.',
    ]);
    expect(mistakesOf({ ...rest, APP_SECRET_FILE: '/nowhere' })[0]).toContain('/nowhere cannot be read');
  });

  it.each([
    ['a demo secret', 'APP_SECRET', { APP_SECRET: 'jawort-demo-secret-that-everybody-knows' }],
    ['one character', 'APP_SECRET', { APP_SECRET: 'x'.repeat(64) }],
    ['a word again and again', 'APP_SECRET', { APP_SECRET: 'geheimnis-'.repeat(5) }],
    ['the alphabet', 'APP_SECRET', { APP_SECRET: 'abcdefghijklmnopqrstuvwxyz0123456789' }],
    ['the keyboard', 'APP_SECRET', { APP_SECRET: 'qwertzuiopasdfghjklyxcvbnm1234567890' }],
    ['a placeholder', 'APP_SECRET', { APP_SECRET: 'please-change-me-before-going-live-2026' }],
    ['no limits', 'LIMITS', { LIMITS: 'off' }],
    ['links without TLS', 'BASE_URL', { BASE_URL: 'http://consent.example.org' }],
    ['links without TLS in a private network', 'BASE_URL', { BASE_URL: 'http://10.0.0.7:4321' }],
    ['a host that only looks local', 'BASE_URL', { BASE_URL: 'http://localhost.example.org' }],
    [
      'mails without TLS',
      'RESEND_BASE_URL',
      { MAIL_TRANSPORT: 'resend', RESEND_API_KEY: 're_1', RESEND_BASE_URL: 'http://mail.example.org' },
    ],
    ['TLS switched off in the address', 'SMTP_URL', { SMTP_URL: 'smtp://mail.example.org?ignoreTLS=true' }],
    ['TLS not required in the address', 'SMTP_URL', { SMTP_URL: 'smtp://mail.example.org?requireTLS=false' }],
    ['TLS neither on nor off', 'SMTP_REQUIRE_TLS', { SMTP_REQUIRE_TLS: 'no' }],
  ])('refuses in production: %s', (_, name, changes) => {
    const mistakes = mistakesOf({ ...production, ...(changes as Record<string, string>) });
    expect(mistakes.map((mistake) => mistake.split(/[: ]/)[0])).toEqual([name]);
  });

  it('lists all of that at once, beside what cannot be read', () => {
    const changes = {
      APP_SECRET: 'x'.repeat(64),
      LIMITS: 'off',
      BASE_URL: 'http://consent.example.org',
      SMTP_URL: 'smtp://mail.example.org?secure=false',
      PORT: 'http',
    };
    const mistakes = mistakesOf({ ...production, ...changes });
    expect(mistakes.map((mistake) => mistake.split(/[: ]/)[0]).sort()).toEqual(Object.keys(changes).sort());
  });

  it('takes secrets as they are made, and an http:// address of this machine', () => {
    for (let time = 0; time < 200; time += 1) {
      for (const [encoding, bytes] of [
        ['hex', 16],
        ['hex', 32],
        ['base64', 24],
        ['base64url', 48],
      ] as const) {
        const APP_SECRET = randomBytes(bytes).toString(encoding);
        expect([APP_SECRET, mistakesOf({ ...production, APP_SECRET })]).toEqual([APP_SECRET, []]);
      }
    }
    for (const host of ['localhost:4321', '127.0.0.1', '[::1]:4321', 'jawort.localhost'])
      expect(mistakesOf({ ...production, BASE_URL: `http://${host}` })).toEqual([]);
  });

  it.each([
    ['smtp://mail.example.org', undefined, true],
    ['smtps://mail.example.org', undefined, true],
    ['smtp://10.0.0.7:25', undefined, true],
    ['smtp://localhost.example.org', undefined, true],
    ['smtp://user:password@localhost:25', undefined, false],
    ['smtp://127.0.0.1:25', undefined, false],
    ['smtp://[::1]:25', undefined, false],
    ['smtp://127.0.0.1:25', 'on', true],
    ['smtp://mail.example.org', 'off', false],
  ])('asks %s (SMTP_REQUIRE_TLS %s) for TLS: %s', (SMTP_URL, named, expected) => {
    const read = readConfig({ ...production, SMTP_URL, ...(named && { SMTP_REQUIRE_TLS: named }) });
    expect(read).toMatchObject({ ok: true, config: { mail: { smtpRequireTls: expected } } });
  });

  it('takes an empty value for one that is not set', () => {
    expect(readConfig({ PORT: '', BASE_URL: '', RESEND_API_KEY: '' })).toMatchObject({
      config: { port: 4321 },
    });
  });
});
