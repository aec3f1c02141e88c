import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '#src/cli/run-command.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('jawort log on %s', (name) => {
  let test: TestApp;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-log-'));
    test = await openTestApp(name);
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, 'alice@example.org'), aClient);
  });
  afterEach(async () => {
    await test.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const keyFile = () => join(folder, 'keys', 'log.pem');
  /** In this process: a process of its own for each would take most of the time. */
  async function run(...args: string[]) {
    // The test runner has one of its own.
    vi.stubEnv('BASE_URL', undefined);
    vi.stubEnv('DATABASE_URL', test.app.config.databaseUrl);
    vi.stubEnv('LOG_KEY_FILE', keyFile());
    vi.stubEnv('LOG_ORIGIN', 'log.example');
    const said = { stdout: '', stderr: '' };
    const into = (stream: keyof typeof said) => (text: unknown) => {
      said[stream] += `${text}\n`;
      return true;
    };
    vi.spyOn(console, 'log').mockImplementation(into('stdout'));
    vi.spyOn(console, 'error').mockImplementation(into('stderr'));
    vi.spyOn(process.stdout, 'write').mockImplementation(into('stdout'));
    const code = await runCommand(args).finally(() => {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
    });
    return { code, ...said };
  }
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
  const keep = async (file: string) => {
    expect(await run('log', 'checkpoint', '--out', join(folder, file))).toMatchObject({ code: 0 });
    return join(folder, file);
  };

  it('begins with a key that only its owner may read, and a first checkpoint over all that is there', async () => {
    const begun = await run('log', 'init');
    expect(begun).toMatchObject({ code: 0, stderr: '' });
    expect(begun.stdout).toContain('\n\n— log.example ');
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    const { entries, waiting, checkpoint, keys } = await json('log', 'status');
    expect({ waiting, size: checkpoint.size }).toEqual({ waiting: 0, size: entries });
    expect(keys).toMatchObject([{ verifier: expect.stringMatching(/^log\.example\+/), retired_at: null }]);
    expect(await run('log', 'init')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('signed already'),
    });
  });

  it('refuses a key that others may read, and one that is none', async () => {
    await run('log', 'init');
    chmodSync(keyFile(), 0o644);
    expect(await run('log', 'checkpoint')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('chmod 600'),
    });
    chmodSync(keyFile(), 0o600);
    writeFileSync(keyFile(), 'no key');
    expect(await run('log', 'checkpoint')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no Ed25519 key'),
    });
    rmSync(keyFile());
    expect(await run('log', 'checkpoint')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('log init'),
    });
  });

  it('says that nothing from outside was compared, and never that all is well, without a checkpoint', async () => {
    const result = await run('ledger', 'verify');
    expect(result.code).toBe(3);
    expect(result.stdout.split('\n')[0]).toMatch(/^Nothing from outside was compared/);
    expect(result.stdout).not.toMatch(/intact/i);
  });

  it('compares with a checkpoint that was kept, and finds what was changed since', async () => {
    await run('log', 'init');
    const kept = await keep('monday.txt');
    await signUp(test.app, 'bob@example.org', ['product-news:email']);
    expect(await run('ledger', 'verify', '--against', kept)).toMatchObject({ code: 0, stderr: '' });
    const { db } = test.app;
    await dropTriggers();
    await db.deleteFrom('events').where('kind', '=', 'confirmed').execute();
    const report = await run('ledger', 'verify', '--against', kept, '--json');
    expect(report.code).toBe(1);
    const { outside, findings } = JSON.parse(report.stdout);
    expect(outside).toMatchObject([{ origin: 'log.example' }]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: 'missing',
        table: 'events',
        between: [null, outside[0].size],
      }),
    );
  });

  it('refuses a checkpoint of another log, a changed one, and what is none', async () => {
    await run('log', 'init');
    const kept = await keep('monday.txt');
    const note = readFileSync(kept, 'utf8');
    const cases = [
      ['none.txt', 'Hello', 'no checkpoint'],
      ['changed.txt', note.replace(/^\d+$/m, '1'), 'signature'],
      ['foreign.txt', note.replace('— log.example', '— other.example'), 'does not know'],
      ['empty.txt', '', 'no checkpoint'],
    ] as const;
    for (const [file, text, message] of cases) {
      writeFileSync(join(folder, file), text);
      const result = await run('ledger', 'verify', '--against', join(folder, file));
      expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    }
    expect(await run('ledger', 'verify', '--against', join(folder, 'missing.txt'))).toMatchObject({
      code: 2,
    });
  });

  it('replaces its key, and still knows what the former one signed', async () => {
    await run('log', 'init');
    const kept = await keep('before.txt');
    const rotated = await run('log', 'rotate');
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    const { keys } = await json('log', 'status');
    expect(keys.map(({ retired_at }: { retired_at: string | null }) => retired_at === null)).toEqual([
      true,
      false,
    ]);
    const signatures = await test.app.db
      .selectFrom('log_checkpoints')
      .select('note')
      .orderBy('size')
      .execute();
    expect(signatures.map(({ note }) => note.match(/^— /gm)?.length)).toContain(2);
    await signUp(test.app, 'bob@example.org', ['product-news:email']);
    const after = await keep('after.txt');
    expect(await run('ledger', 'verify', '--against', kept, '--against', after)).toMatchObject({ code: 0 });
  });

  it('proves the newest entry about a permission, to whoever has the key', async () => {
    await run('log', 'init');
    await run('log', 'checkpoint');
    const { id } = await test.app.db.selectFrom('permissions').select('id').executeTakeFirstOrThrow();
    const file = join(folder, 'permission.tlog-proof');
    expect(await run('log', 'proof', `per_${id}`, '--out', file)).toMatchObject({ code: 0, stderr: '' });
    const checked = await json('log', 'check-proof', file);
    expect(checked).toMatchObject({ outcome: 'genuine', origin: 'log.example' });
    expect(JSON.parse(checked.entry)).toMatchObject({ entry: 'event', permission_id: id, kind: 'confirmed' });
    const proof = readFileSync(file, 'utf8');
    const forged = Buffer.from(checked.entry.replace('confirmed', 'withdrawn')).toString('base64');
    const cases: [string, number][] = [
      [proof.replace(/^extra .*$/m, `extra ${forged}`), 1],
      [proof.replace(/^index (\d+)$/m, (_, index) => `index ${Number(index) - 1}`), 1],
      [proof.replace('— log.example', '— other.example'), 1],
      [proof.replace('tlog-proof@v1', 'tlog-proof@v2'), 2],
      [proof.slice(0, 200), 2],
      ['', 2],
    ];
    for (const [text, code] of cases) {
      writeFileSync(file, text);
      expect(await run('log', 'check-proof', file)).toMatchObject({ code });
    }
    expect(await run('log', 'proof', 'per_unknown')).toMatchObject({ code: 2 });
  });

  it('finds that a database was restored from a backup, and which entries are lost', async () => {
    await run('log', 'init');
    const kept = await keep('today.txt');
    const { db } = test.app;
    await dropTriggers();
    const newest = await db
      .selectFrom('log_checkpoints')
      .select('size')
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    await db.deleteFrom('log_checkpoints').execute();
    await db
      .deleteFrom('log_entries')
      .where('idx', '>=', Number(newest.size) - 2)
      .execute();
    const report = await run('ledger', 'verify', '--against', kept, '--json');
    expect(report.code).toBe(1);
    expect(JSON.parse(report.stdout).findings).toContainEqual(
      expect.objectContaining({ kind: 'lost', index: Number(newest.size) - 2 }),
    );
    expect(await run('log', 'restored')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--reason'),
    });
    expect(await run('log', 'restored', '--reason', 'The disk failed.')).toMatchObject({ code: 0 });
    const entry = await db
      .selectFrom('log_entries')
      .select('body')
      .where('kind', '=', 'restored')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(entry.body)).toMatchObject({ reason: 'The disk failed.' });
  });

  async function dropTriggers(): Promise<void> {
    const { db } = test.app;
    if (name === 'postgres') {
      for (const table of ['events', 'log_entries', 'log_checkpoints']) {
        await sql`ALTER TABLE ${sql.table(table)} DISABLE TRIGGER USER`.execute(db);
      }
      return;
    }
    const triggers = await sql<{
      name: string;
    }>`SELECT name FROM sqlite_master WHERE type = 'trigger'`.execute(db);
    for (const { name: trigger } of triggers.rows) await sql`DROP TRIGGER ${sql.id(trigger)}`.execute(db);
  }
});
