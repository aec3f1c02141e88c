import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '#src/cli/run-command.ts';
import { databases } from '#tests/support/databases.ts';
import { openReceiptTest, type ReceiptTest } from '#tests/support/receipts.ts';

describe.each(databases)('jawort receipt on %s', (name) => {
  let test: ReceiptTest;
  beforeEach(async () => {
    test = await openReceiptTest(name);
  });
  afterEach(() => test.close());

  /** In this process: one of its own for each would take most of the time. */
  const run = async (...args: string[]) => {
    // The test runner has one of its own.
    vi.stubEnv('BASE_URL', undefined);
    vi.stubEnv('DATABASE_URL', test.app.config.databaseUrl);
    let said = '';
    for (const way of ['log', 'error'] as const) {
      vi.spyOn(console, way).mockImplementation((text) => {
        said += `${text}\n`;
      });
    }
    const code = await runCommand(args).finally(() => {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
    });
    return { code, said: said.replaceAll(test.folder, '').trim() };
  };
  const verify = (file: string, content: Buffer | string, ...options: string[]) => {
    writeFileSync(join(test.folder, file), content);
    return run('receipt', 'verify', join(test.folder, file), ...options);
  };

  it.each(['pdf', 'jws', 'json'] as const)(
    'verify says that %s is genuine, and ends with 0',
    async (form) => {
      const { code, said } = await verify(`a.${form}`, await test.receipt(form));
      expect(said).toMatch(
        /: genuine\. Signed here, unchanged, and entry \d+ of the \d+ entries of log\.example\.$/,
      );
      expect(code).toBe(0);
    },
  );

  it('verify ends with 1 when it was changed, or signed by an unknown key', async () => {
    const json = String(await test.receipt('json'));
    expect(await verify('a.json', json.replace('"state": "granted"', '"state": "refused"'))).toEqual({
      code: 1,
      said: '/a.json: not genuine. It was changed after it was signed.',
    });
    const header = Buffer.from('{"alg":"EdDSA","kid":"other"}').toString('base64url');
    const foreign = await verify('b.json', json.replace(/"jws": "eyJ[\w-]+/, `"jws": "${header}`));
    expect(foreign).toEqual({
      code: 1,
      said: '/b.json: not genuine here: signed by a key that is not known here. It says that https://consent.example.org issued it.',
    });
  });

  it('verify ends with 2 when it cannot be read, or is of an earlier format', async () => {
    const json = String(await test.receipt('json'));
    const cut = { code: 2, said: '/a.json: not a receipt that can be read.' };
    expect(await verify('a.json', json.slice(0, 500))).toEqual(cut);
    expect(await verify('a.json', '{}', '--json')).toEqual({ code: 2, said: '{"verdict":"unreadable"}' });
    expect(await verify('a.json', '{"type":"jawort/receipt/1"}')).toEqual({
      code: 2,
      said: expect.stringContaining('a receipt of an earlier format'),
    });
    expect(await run('receipt', 'verify', join(test.folder, 'none.json'))).toEqual({
      code: 2,
      said: '/none.json: not a receipt that can be read.',
    });
    expect(await run('receipt', 'verify')).toMatchObject({ code: 2 });
  });

  it('rotate replaces the key, and what the former one signed stays genuine', async () => {
    const before = await test.receipt('pdf');
    const { code, said } = await run('receipt', 'rotate', '--json');
    expect(code).toBe(0);
    const { kid, retired } = JSON.parse(said);
    expect(await run('receipt', 'rotate')).toEqual({
      code: 0,
      said: expect.stringMatching(/^Receipts are signed by [\w-]{43} now\. Retired: [\w-]{43}\.$/),
    });
    expect([kid, ...retired]).toHaveLength(2);
    expect(await verify('a.pdf', before)).toMatchObject({ code: 0 });
  });
});
