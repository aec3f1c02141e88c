/** A database that was restored from a backup takes no acts until somebody has said so in the log. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BuiltServer, ensureBuilt, runCommand, startBuilt } from '#tests/support/built-server.ts';
import { type Asked, ask, formVersionOf, post } from '#tests/support/requests.ts';

describe('a server whose database was restored from a backup', () => {
  let folder: string;
  let server: BuiltServer;

  beforeAll(ensureBuilt, 180_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-restored-'));
  });
  afterEach(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const database = () => join(folder, 'jawort.db');
  const backup = () => join(folder, 'backup.db');

  async function signUp(email: string): Promise<number> {
    const fields = { email, consent: 'product-news:email', form_version: await formVersionOf(server) };
    return (await post(server, '/f/newsletter', fields)).status;
  }

  function api(path: string, body: object) {
    const headers = { Authorization: 'Bearer jw_demo_key', 'Content-Type': 'application/json' };
    const asked: Asked = { method: 'POST', headers, body: JSON.stringify(body) };
    return ask(server, `/api/v1${path}`, asked);
  }

  async function hasSignedHead(): Promise<void> {
    const status = async () => (await ask(server, '/log/checkpoint')).status;
    await expect.poll(status, { timeout: 15_000 }).toBe(200);
  }

  async function restoreOldDatabase(): Promise<void> {
    server = await startBuilt(folder, { LIMITS: 'off' });
    await hasSignedHead();
    await server.stop();
    copyFileSync(database(), backup());
    server = await startBuilt(folder, { LIMITS: 'off' });
    expect(await signUp('alice@example.org')).toBe(303);
    await server.stop();
    expect(await runCommand(folder, 'log', 'checkpoint')).toMatchObject({ code: 0 });
    for (const file of ['-wal', '-shm']) rmSync(database() + file, { force: true });
    copyFileSync(backup(), database());
    server = await startBuilt(folder, { LIMITS: 'off' }, '/healthz');
  }

  it('answers acts with 503 and the reason, and decisions as before, until the log says so', async () => {
    await restoreOldDatabase();
    const ready = await ask(server, '/readyz');
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.body)).toMatchObject({
      status: 'writing stopped',
      reason: expect.stringMatching(/entries \d+ to \d+ .* are lost.*log restored --reason/),
    });
    expect(await signUp('bob@example.org')).toBe(503);
    const refused = await api('/withdrawals', { contact_point: 'bob@example.org', how: 'phone' });
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.body).detail).toContain('are lost');
    const question = { purpose: 'product-news', channel: 'email', contact_points: ['bob@example.org'] };
    expect((await api('/decisions', question)).status).toBe(200);
    const use = { ...question, record_use: { campaign: '2026-11' } };
    expect((await api('/decisions', use)).status).toBe(503);

    expect(await runCommand(folder, 'log', 'checkpoint')).toMatchObject({ code: 2 });
    const said = await runCommand(folder, 'log', 'restored', '--reason', 'The disk failed.');
    expect(said).toMatchObject({ code: 0 });
    await expect.poll(async () => (await ask(server, '/readyz')).status, { timeout: 10_000 }).toBe(200);
    expect(await signUp('bob@example.org')).toBe(303);
    await server.stop();
    expect(await runCommand(folder, 'log', 'checkpoint')).toMatchObject({ code: 0 });
  }, 120_000);

  it('begins anew in the demo when its database was deleted', async () => {
    server = await startBuilt(folder, { LIMITS: 'off' });
    await hasSignedHead();
    await server.stop();
    for (const file of ['', '-wal', '-shm']) rmSync(database() + file, { force: true });
    server = await startBuilt(folder, { LIMITS: 'off' });
    await expect
      .poll(async () => (await ask(server, '/log/checkpoint')).status, { timeout: 15_000 })
      .toBe(200);
    expect((await ask(server, '/readyz')).status).toBe(200);
    expect(await signUp('alice@example.org')).toBe(303);
  }, 60_000);
});
