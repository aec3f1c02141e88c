/** What a server and the commands refuse to start on, and that they change nothing by it. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '#db/connect.ts';
import { databaseUrl, ensureBuilt, runBuilt, startBuilt } from '#tests/support/built-server.ts';
import { type PostgresServer, startPostgres } from '#tests/support/postgres.ts';

const production = {
  NODE_ENV: 'production',
  APP_SECRET: 'kR3vHq8LzW1nTf6YbP0sXm4JdGc9AeUu2iOh7Cw5',
  BASE_URL: 'https://consent.example.org',
  MAIL_FROM: 'consent@example.org',
  MAIL_TRANSPORT: 'smtp',
  SMTP_URL: 'smtp://127.0.0.1:9',
};
const run = promisify(execFile);

describe('on a database that once was the demo', () => {
  let folder: string;
  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-refused-'));
    const demo = await startBuilt(folder);
    await demo.stop();
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('a start in production is refused, with every reason in one list', async () => {
    const unsafe = { LIMITS: 'off', BASE_URL: 'http://consent.example.org' };
    const { code, output } = await startedWith({ ...production, ...unsafe });
    expect(code).toBe(1);
    const reasons = output.match(/^- .*/gm) ?? [];
    expect(reasons.map((reason) => /LIMITS|BASE_URL|APP_SECRET|accounts|API key/.exec(reason)?.[0])).toEqual([
      'LIMITS',
      'BASE_URL',
      'APP_SECRET',
      'accounts',
      'API key',
    ]);
    expect(output).toContain('admin@example.org');
  }, 60_000);

  it('a start in production is refused for the demo alone', async () => {
    const { code, output } = await startedWith(production);
    expect([code, output.match(/^- /gm)?.length]).toEqual([1, 3]);
  }, 60_000);

  it('a start with another secret is refused outside production, too', async () => {
    const { code, output } = await startedWith({ APP_SECRET: production.APP_SECRET });
    expect(code).toBe(1);
    expect(output.match(/^- .*/gm)).toEqual([expect.stringContaining('APP_SECRET cannot open')]);
  }, 60_000);

  it('every command with another secret is refused, and says nothing about anybody', async () => {
    const who = ['admin@example.org', '--purpose', 'product-news', '--channel', 'email', '--json'];
    for (const command of [['decide', ...who], ['ledger', 'verify'], ['purge'], ['migrate']]) {
      const { code, stdout, stderr } = await commandWith({ APP_SECRET: production.APP_SECRET }, command);
      expect([command[0], code, stdout]).toEqual([command[0], 2, '']);
      expect(stderr).toContain('APP_SECRET cannot open');
    }
  }, 60_000);

  it('nothing was changed by it, and the right secret starts', async () => {
    const again = await startBuilt(folder);
    expect(await again.stop()).toBe(0);
  }, 60_000);

  it('a start in production is not refused once the accounts are disabled and the key is revoked', async () => {
    const db = await connect(databaseUrl(folder));
    await db.updateTable('staff').set({ disabled_at: '2026-11-28T09:00:00.000Z' }).execute();
    await db.updateTable('api_keys').set({ revoked_at: '2026-11-28T09:00:00.000Z' }).execute();
    await db.destroy();
    const { output } = await startedWith(production);
    expect(output.match(/^- .*/gm)).toEqual([expect.stringContaining('APP_SECRET cannot open')]);
  }, 60_000);

  it('no database is made for a start that is refused', async () => {
    const nowhere = join(folder, 'nowhere');
    await startedWith({ ...production, LIMITS: 'off', DATABASE_URL: `sqlite:${nowhere}/jawort.db` });
    expect(existsSync(nowhere)).toBe(false);
  }, 60_000);

  async function startedWith(environment: Record<string, string>) {
    const { code, output } = await runBuilt(folder, environment);
    return { code, output: output.slice(output.lastIndexOf('Jawort cannot start')) };
  }

  async function commandWith(environment: Record<string, string>, command: string[]) {
    const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl(folder), ...environment };
    try {
      return { code: 0, ...(await run(process.execPath, ['src/cli/jawort.ts', ...command], { env })) };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  }
});

describe('on a PostgreSQL that once was the demo', () => {
  let folder: string;
  let postgres: PostgresServer;
  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-refused-'));
    postgres = await startPostgres();
    const demo = await startBuilt(folder, { DATABASE_URL: postgres.url });
    await demo.stop();
  }, 240_000);
  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('a start in production is refused for the demo, and the demo starts as before', async () => {
    const { code, output } = await runBuilt(folder, { ...production, DATABASE_URL: postgres.url });
    const reasons = output.slice(output.lastIndexOf('Jawort cannot start')).match(/^- .*/gm) ?? [];
    expect(code).toBe(1);
    expect(reasons.map((reason) => /APP_SECRET|accounts|API key/.exec(reason)?.[0])).toEqual([
      'APP_SECRET',
      'accounts',
      'API key',
    ]);
    const again = await startBuilt(folder, { DATABASE_URL: postgres.url });
    expect(await again.stop()).toBe(0);
  }, 120_000);
});
