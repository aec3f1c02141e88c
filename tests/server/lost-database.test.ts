/** The database goes away under a running server: it says so, goes on by itself, and loses nothing that it answered. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '#src/app/config.ts';
import { newId } from '#src/ids/new-id.ts';
import { manageLink, unsubscribeLink } from '#src/links/signed-link.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { type BuiltServer, ensureBuilt, startBuilt } from '#tests/support/built-server.ts';
import { mailsIn } from '#tests/support/mailbox.ts';
import { type PostgresServer, runOnce, startPostgres } from '#tests/support/postgres.ts';
import { type Answer, ask, formVersionOf, post } from '#tests/support/requests.ts';

beforeAll(ensureBuilt, 180_000);

let folder: string;
let server: BuiltServer;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jawort-lost-database-'));
});
afterEach(async () => {
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe('a server whose PostgreSQL goes away', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
    // What was answered has to survive the death of a backend, too.
    await administer('alter database postgres set synchronous_commit = on');
  });
  afterAll(() => postgres.stop());

  it('answers 503 at every door while it is down, and as before afterwards', async () => {
    server = await startBuilt(folder, { DATABASE_URL: postgres.url, LIMITS: 'off' });
    const version = await formVersionOf(server);
    const answered = [await signUp('before@example.org', version)];
    await postgres.down();
    expect((await ask(server, '/healthz')).status).toBe(200);
    expect((await ask(server, '/readyz')).status).toBe(503);
    await isUnavailableEverywhere(version);
    await postgres.up();
    await expect.poll(async () => (await ask(server, '/readyz')).status).toBe(200);
    answered.push(await signUp('after@example.org', version));
    await expect.poll(mailedTo, { timeout: 15_000 }).toEqual(answered.sort());
    expect(await server.stop()).toBe(0);
  }, 90_000);

  it.each([
    ['its sessions are ended', () => administer(`select pg_terminate_backend(pid) ${ours}`)],
    ['one of its backends is killed', killOne],
  ])(
    'outlives that %s under load, and loses nothing it answered',
    async (_, strike) => {
      server = await startBuilt(folder, { DATABASE_URL: postgres.url, LIMITS: 'off' });
      const version = await formVersionOf(server);
      const answered: string[] = [];
      let striking = true;
      const load = async (name: string) => {
        for (let index = 0; striking; index++) {
          const email = `${name}-${index}-${server.pid}@example.org`;
          const { status } = await post(server, '/f/newsletter', form(email, version));
          expect([303, 503]).toContain(status);
          if (status === 303) answered.push(email);
          else await wait(20);
        }
      };
      const loads = ['anna', 'bert', 'cleo', 'dora'].map(load);
      for (let round = 0; round < 3; round++) {
        await wait(300);
        await strike();
      }
      await wait(300);
      striking = false;
      await Promise.all(loads);
      expect(answered.length).toBeGreaterThan(0);
      await expect
        .poll(async () => (await mailedTo()).filter((email) => answered.includes(email)), { timeout: 30_000 })
        .toEqual(answered.sort());
      // Idle, too: the connections of the pool are lost while nobody uses them.
      await strike();
      await wait(300);
      await expect.poll(async () => (await ask(server, '/f/newsletter')).status).toBe(200);
      expect(await server.stop()).toBe(0);
    },
    90_000,
  );

  function administer(statement: string): Promise<{ pid: number }[]> {
    return runOnce(postgres.url, statement);
  }

  const ours = `from pg_stat_activity where application_name = 'jawort'`;

  async function killOne(): Promise<void> {
    const [found] = await administer(`select pid ${ours} order by random() limit 1`);
    if (found) process.kill(found.pid, 'SIGKILL');
    // PostgreSQL ends all other sessions, and takes none until it has recovered.
    await expect.poll(() => administer('select 0 as pid').catch(() => [])).toHaveLength(1);
  }
});

describe('a server whose SQLite file cannot grow', () => {
  it('answers 503 at every door that writes, and as before once there is space', async () => {
    server = await startBuilt(folder, { LIMITS: 'off' });
    const version = await formVersionOf(server);
    await signUp('before@example.org', version);
    limitFiles('1');
    const refused = await post(server, '/f/newsletter', form('meanwhile@example.org', version));
    isUnavailablePage(refused, 'Unsere Datenbank');
    expect((await ask(server, '/f/newsletter')).status).toBe(200);
    expect((await ask(server, '/healthz')).status).toBe(200);
    limitFiles('unlimited');
    await signUp('after@example.org', version);
    await expect.poll(mailedTo, { timeout: 15_000 }).toEqual(['after@example.org', 'before@example.org']);
    expect(await server.stop()).toBe(0);
  }, 60_000);

  /** As on a full disk no file grows, the log included. */
  function limitFiles(bytes: string): void {
    execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}:unlimited`]);
  }
});

function form(email: string, version: string) {
  return { email, consent: 'product-news:email', form_version: version };
}

async function signUp(email: string, version: string): Promise<string> {
  expect((await post(server, '/f/newsletter', form(email, version))).status).toBe(303);
  return email;
}

async function mailedTo(): Promise<string[]> {
  return (await mailsIn(join(folder, 'mail'))).map(({ to }) => to).sort();
}

async function isUnavailableEverywhere(version: string): Promise<void> {
  const [german, english] = ['Unsere Datenbank', 'Our database'] as const;
  for (const path of ['/f/newsletter', '/f/newsletter/sent', `/confirm/${'a'.repeat(43)}`])
    isUnavailablePage(await ask(server, path), german);
  const signedIn = { Cookie: `jawort_staff=${'a'.repeat(40)}`, 'Accept-Language': 'de' };
  isUnavailablePage(await ask(server, '/staff', { headers: signedIn }), german);
  isUnavailablePage(await ask(server, '/f/newsletter?lang=en'), english);
  isUnavailablePage(await ask(server, '/f/newsletter', { headers: { 'Accept-Language': 'en' } }), english);
  isUnavailablePage(await post(server, '/f/newsletter', form('meanwhile@example.org', version)), german);
  isUnavailablePage(await post(server, '/preferences', { email: 'meanwhile@example.org' }), german);
  isUnavailablePage(await post(server, `/confirm/${'a'.repeat(43)}`, { action: 'confirm' }), german);
  const { manage, unsubscribe } = linksOfSomebody();
  for (const path of [`/p/${manage}`, `/u/${unsubscribe}`])
    isUnavailablePage(await ask(server, path), german);
  isUnavailablePage(await post(server, `/p/${manage}`, { action: 'withdraw-all' }), german);
  isUnavailablePage(await post(server, `/u/${unsubscribe}`, {}), german);
  isUnavailablePage(await post(server, `/u/${unsubscribe}`, { 'List-Unsubscribe': 'One-Click' }), german);
  const framed = await ask(server, '/f/newsletter?embed=1');
  isUnavailablePage(framed, german);
  expect(framed.headers['content-security-policy']).toContain('frame-ancestors *');
  const json = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
  isProblem(await ask(server, '/f/newsletter', { method: 'POST', headers: json, body: 'email=x' }));
  const authorised = { Authorization: 'Bearer jw_demo_key', 'Content-Type': 'application/json' };
  const question = { purpose: 'product-news', channel: 'email', contact_points: ['a@example.org'] };
  const asked = { method: 'POST', headers: authorised, body: JSON.stringify(question) };
  isProblem(await ask(server, '/api/v1/decisions', asked));
  isProblem(await ask(server, '/api/v1/forms/newsletter'));
}

/** Links are signed, so they can be made without a database. */
function linksOfSomebody(): { manage: string; unsubscribe: string } {
  const read = readConfig({});
  assert(read.ok);
  const keys = deriveKeys(read.config.appSecret);
  const contactPoint = newId();
  return {
    manage: manageLink(keys, contactPoint, 0, new Date()),
    unsubscribe: unsubscribeLink(keys, contactPoint, 0),
  };
}

function isUnavailablePage({ status, headers, body }: Answer, words: string): void {
  expect(status).toBe(503);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['content-type']).toContain('text/html');
  expect(body).toContain(words);
}

function isProblem({ status, headers, body }: Answer): void {
  expect(status).toBe(503);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['content-type']).toContain('application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status: 503 });
}
