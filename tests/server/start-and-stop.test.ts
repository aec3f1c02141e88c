/** How the process starts, refuses to start, and ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '#db/connect.ts';
import { newId } from '#src/ids/new-id.ts';
import {
  type BuiltServer,
  databaseUrl,
  ensureBuilt,
  runBuilt,
  runCommand,
  startBuilt,
} from '#tests/support/built-server.ts';
import { mailsIn } from '#tests/support/mailbox.ts';
import { ask, formVersionOf, post } from '#tests/support/requests.ts';

describe('the server process', () => {
  let folder: string;
  let server: BuiltServer | undefined;

  beforeAll(ensureBuilt, 180_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-server-'));
  });
  afterEach(async () => {
    await server?.kill();
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  it('seeds the demo once, says so, and is ready again on what it has', async () => {
    server = await startBuilt(folder);
    expect((await ask(server, '/healthz')).status).toBe(200);
    expect((await ask(server, '/readyz')).body).toBe('{"status":"ready"}\n');
    expect(await server.stop()).toBe(0);
    await forgetHowItLooked('newsletter');
    server = await startBuilt(folder);
    expect((await ask(server, '/f/newsletter')).status).toBe(200);
    expect(await server.stop()).toBe(0);
    expect(server.output().match(/demo\.seeded/g)).toHaveLength(1);
    // A release that prints a form in other markup has frozen it before anybody saw it.
    expect(server.output()).toContain('"forms":["newsletter@3"]');
  }, 60_000);

  it('answers what is under way when it is told to stop, and loses nothing', async () => {
    server = await startBuilt(folder, { LIMITS: 'off' });
    const running = server;
    const version = await formVersionOf(running);
    const signUp = (email: string) =>
      post(running, '/f/newsletter', { email, consent: 'product-news:email', form_version: version });
    const all = Array.from({ length: 30 }, (_, index) => signUp(`reader-${index}@example.org`));
    await Promise.race(all);
    const code = running.stop();
    // On a busy machine some have not been taken yet; those are refused, and nobody was promised anything.
    const settled = await Promise.allSettled(all);
    const answers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    expect(await code).toBe(0);
    await expect(ask(running, '/healthz')).rejects.toThrow(/ECONNREFUSED/);
    server = await startBuilt(folder, { LIMITS: 'off' });
    await untilMails(answers.length);
    // Nothing is found, and nothing was kept outside to compare with.
    expect(await runCommand(folder, 'ledger', 'verify')).toMatchObject({ code: 3 });
  }, 90_000);

  it('names every mistake in its environment at once and does not start', async () => {
    const mistaken = {
      PORT: 'many',
      BASE_URL: 'consent.example.org',
      APP_SECRET: 'short',
      MAIL_TRANSPORT: 'pigeon',
      DATABASE_URL: 'mysql://localhost',
      LIMITS: 'some',
    };
    const { code, output } = await runBuilt(folder, mistaken);
    expect(code).toBe(1);
    for (const name of Object.keys(mistaken)) expect(output).toContain(`- ${name}: `);
    expect(output).not.toContain('    at ');
  }, 30_000);

  it('behind TLS takes its own forms and no others, and does not take itself for the page around a frame', async () => {
    const own = 'https://consent.example.org';
    server = await startBuilt(folder, { BASE_URL: own, TRUST_PROXY: '1', LIMITS: 'off' });
    const running = server;
    const passedOn = {
      Host: 'consent.example.org',
      'X-Forwarded-For': '192.0.2.1',
      'X-Forwarded-Proto': 'https',
    };
    const body = `email=alice%40example.org&consent=product-news:email&form_version=${await formVersionOf(running)}`;
    const from = async (Origin: string) => {
      const type = 'application/x-www-form-urlencoded';
      const headers = { ...passedOn, Origin, 'Content-Type': type };
      return (await ask(running, '/f/newsletter', { method: 'POST', headers, body })).status;
    };
    expect([await from(own), await from('https://evil.example')]).toEqual([303, 403]);
    const shownBy = async (Referer: string) => {
      const { body } = await ask(running, '/f/newsletter?embed=1', { headers: { ...passedOn, Referer } });
      return /name="page_url" value="([^"]*)"/.exec(body)?.[1];
    };
    expect(await shownBy(`${own}/f/newsletter?embed=1`)).toBeUndefined();
    expect(await shownBy('http://localhost:8080/join')).toBe('http://localhost:8080/join');
  }, 60_000);

  it('says that its port is taken', async () => {
    server = await startBuilt(folder);
    const { code, output } = await runBuilt(folder, { PORT: String(server.port) });
    expect(code).toBe(1);
    expect(output).toContain(`port ${server.port} is in use. Set PORT to another one.`);
  }, 60_000);

  it('assumes nothing in production', async () => {
    const { code, output } = await runBuilt(folder, { NODE_ENV: 'production' });
    expect(code).toBe(1);
    for (const name of ['APP_SECRET', 'BASE_URL', 'MAIL_FROM', 'MAIL_TRANSPORT'])
      expect(output).toContain(name);
  }, 30_000);

  it('has no demo in production, neither pages nor data', async () => {
    server = await startBuilt(folder, production);
    for (const path of ['/demo', '/demo/mailbox', '/f/newsletter']) {
      expect([path, (await ask(server, path)).status]).toEqual([path, 404]);
    }
    const { headers } = await ask(server, '/preferences');
    expect(headers['strict-transport-security']).toContain('max-age=');
    expect(await server.stop()).toBe(0);
    const db = await connect(databaseUrl(folder));
    const controllers = await db.selectFrom('controllers').select('id').execute();
    await db.destroy();
    expect(controllers).toEqual([]);
    expect(server.output()).not.toContain('demo');
  }, 60_000);

  /** Puts out a version whose pages an earlier release has printed in its own way. */
  async function forgetHowItLooked(key: string): Promise<void> {
    const db = await connect(databaseUrl(folder));
    const form = db.selectFrom('forms').select('current_version_id').where('key', '=', key);
    const last = db.selectFrom('form_versions').selectAll().where('id', '=', form);
    const { definition, ...row } = await last.executeTakeFirstOrThrow();
    const next = { ...row, id: newId(), number: row.number + 1 };
    const words = { ...JSON.parse(definition), number: next.number, shown: {} };
    await db
      .insertInto('form_versions')
      .values({ ...next, definition: JSON.stringify(words) })
      .execute();
    await db.updateTable('forms').set({ current_version_id: next.id }).where('key', '=', key).execute();
    await db.destroy();
  }

  async function untilMails(count: number): Promise<void> {
    while ((await mailsIn(join(folder, 'mail'))).length < count) await wait(100);
    // One more may be there for each answer that was lost on its way.
    expect((await mailsIn(join(folder, 'mail'))).length).toBeGreaterThanOrEqual(count);
  }
});

const production = {
  NODE_ENV: 'production',
  APP_SECRET: 'a-secret-that-only-this-test-knows-0123456789',
  BASE_URL: 'https://consent.example.org',
  MAIL_FROM: 'consent@example.org',
  MAIL_TRANSPORT: 'smtp',
  SMTP_URL: 'smtp://127.0.0.1:9',
};
