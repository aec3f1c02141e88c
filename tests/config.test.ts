import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '#src/config.ts';

const secret = 'x'.repeat(40);
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

  it('takes an empty value for one that is not set', () => {
    expect(readConfig({ PORT: '', BASE_URL: '', RESEND_API_KEY: '' })).toMatchObject({
      config: { port: 4321 },
    });
  });
});
