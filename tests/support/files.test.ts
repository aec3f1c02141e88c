import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const files = join(import.meta.dirname, 'files.ts');
const script = `
  const { ownTmpdir } = await import(${JSON.stringify(files)});
  ownTmpdir();
  const { tmpdir } = await import('node:os');
  const { existsSync } = await import('node:fs');
  console.log(JSON.stringify({ folder: tmpdir(), there: existsSync(tmpdir()) }));
`;

describe('a folder for the files of a run', () => {
  const parent = mkdtempSync(join(tmpdir(), 'jawort-files-'));
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  it('is where TMPDIR says, another one each time, and gone with the process', () => {
    const runs = [run({ TMPDIR: parent }), run({ TMPDIR: parent })];
    for (const { folder, there } of runs) {
      expect(there).toBe(true);
      expect(dirname(folder)).toBe(parent);
      expect(existsSync(folder)).toBe(false);
    }
    expect(runs[0]?.folder).not.toBe(runs[1]?.folder);
  });

  it('is found without a TMPDIR as well', () => {
    const { folder, there } = run({});
    expect(there).toBe(true);
    expect(existsSync(folder)).toBe(false);
  });
});

function run(environment: Record<string, string>): { folder: string; there: boolean } {
  const args = ['--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: environment });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
