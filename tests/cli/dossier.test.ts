import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '#src/cli/run-command.ts';
import { aPermission } from '#tests/dossiers/six-kinds.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('jawort dossier on %s', (name) => {
  let test: TestApp;
  let folder: string;
  let permission: string;
  const zip = () => join(folder, 'alice.zip');

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-dossier-'));
    test = await openTestApp(name);
    permission = `per_${await aPermission(test.app, 'a signup on the web')}`;
    await run('log', 'init');
  });
  afterEach(async () => {
    await test.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** In this process: a process of its own for each would take most of the time. */
  async function run(...args: string[]) {
    vi.stubEnv('BASE_URL', undefined);
    vi.stubEnv('DATABASE_URL', test.app.config.databaseUrl);
    vi.stubEnv('LOG_KEY_FILE', join(folder, 'log.pem'));
    vi.stubEnv('LOG_ORIGIN', 'log.example');
    const said: string[] = [];
    const note = (text: unknown) => said.push(`${text}`);
    vi.spyOn(console, 'log').mockImplementation(note);
    vi.spyOn(console, 'error').mockImplementation(note);
    const code = await runCommand(args).finally(() => {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
    });
    return { code, said: said.join('\n') };
  }

  it('writes a file that only its owner may read, and verify-dossier finds it genuine', async () => {
    for (const subject of [permission, 'alice@example.org']) {
      expect(await run('dossier', subject, '--out', zip())).toMatchObject({ code: 0 });
      expect(statSync(zip()).mode & 0o777).toBe(0o600);
      const checked = await run('verify-dossier', zip());
      expect(checked).toEqual({ code: 0, said: expect.stringContaining('GENUINE') });
    }
    const { said } = await run('verify-dossier', zip(), '--json');
    expect(JSON.parse(said)).toMatchObject({ outcome: 'genuine', origin: 'log.example' });
  });

  it('names what was changed', async () => {
    await run('dossier', permission, '--out', zip());
    const bytes = readFileSync(zip());
    // In the directory at its end: the file has another name then.
    bytes.write('jeys.txt', bytes.lastIndexOf('keys.txt'));
    writeFileSync(zip(), bytes);
    const { code, said } = await run('verify-dossier', zip());
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringMatching(/NOT GENUINE.*keys\.txt.*jeys\.txt/),
    });
  });

  it('tells what it can’t read in one sentence', async () => {
    await run('dossier', permission, '--out', zip());
    const whole = readFileSync(zip());
    for (const bytes of [Buffer.alloc(0), whole.subarray(0, 900), Buffer.from('no zip')]) {
      writeFileSync(zip(), bytes);
      expect(await run('verify-dossier', zip())).toEqual({
        code: 2,
        said: `${zip()}: This is no zip file, or it is cut off.`,
      });
    }
    expect(await run('verify-dossier', join(folder, 'nothing.zip'))).toMatchObject({ code: 2 });
  });

  it('refuses a dossier of another log', async () => {
    await run('dossier', permission, '--out', zip());
    const other = await openTestApp(name);
    const ours = test;
    test = other;
    rmSync(join(folder, 'log.pem'));
    await run('log', 'init');
    expect(await run('verify-dossier', zip())).toEqual({
      code: 1,
      said: expect.stringContaining('not signed by a known key'),
    });
    await ours.close();
  });

  it('exits with 1 for what is unknown, and with 2 when it is called wrongly', async () => {
    expect(await run('dossier', 'nobody@example.org', '--out', zip())).toMatchObject({ code: 1 });
    expect(await run('dossier', permission, '--at', '2025-01-01', '--out', zip())).toMatchObject({ code: 1 });
    expect(await run('dossier', permission)).toMatchObject({ code: 2 });
    expect(await run('dossier', '--out', zip())).toMatchObject({ code: 2 });
    expect(await run('dossier', permission, '--at', 'yesterday', '--out', zip())).toMatchObject({ code: 2 });
    expect(await run('dossier', permission, '--at', '2099-01-01', '--out', zip())).toMatchObject({ code: 2 });
  });
});
