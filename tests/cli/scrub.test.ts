import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '#src/app/app.ts';
import { scrubFile } from '#src/cli/scrub.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { jawort } from '#tests/support/jawort.ts';

const question = {
  purpose: 'product-news',
  channel: 'email',
  audience: 'consumer',
  jurisdiction: 'DE',
} as const;

describe('scrubFile', () => {
  let test: TestApp;
  let folder: string;
  beforeEach(async () => {
    test = await openTestApp('sqlite');
    folder = mkdtempSync(join(tmpdir(), 'jawort-scrub-'));
    const rows = Array.from({ length: 12_000 }, (_, row) => `p${row}@example.org,"Ä, ""${row}"""`);
    writeFileSync(join(folder, 'in.csv'), `contact_point,note\n${rows.join('\n')}\n`);
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await test.close();
  });

  /** An app that gives up in the middle of a file: each batch asks once for the time. */
  function stopping(after: number): App {
    let calls = 0;
    const now = () => {
      calls += 1;
      if (calls > after) throw new Error('stopped');
      return test.app.now();
    };
    return { ...test.app, now };
  }

  const run = (app: App, out: string) => scrubFile(app, question, join(folder, 'in.csv'), join(folder, out));

  // Not compared by `toEqual`, which would take minutes to show how megabytes differ.
  const isWhole = (out: string) =>
    readFileSync(join(folder, out)).equals(readFileSync(join(folder, 'whole.csv')));

  it('goes on where it was stopped, to the same file and the same sums', async () => {
    const whole = await run(test.app, 'whole.csv');
    await expect(run(stopping(2), 'out.csv')).rejects.toThrow('stopped');
    const stopped = JSON.parse(readFileSync(join(folder, 'out.csv.part.json'), 'utf8'));
    expect(stopped.rows).toBeGreaterThan(0);
    expect(stopped.rows).toBeLessThan(12_000);
    expect(readdirSync(folder)).not.toContain('out.csv');
    const { rows, reasons } = await run(test.app, 'out.csv');
    expect({ rows, reasons }).toEqual({ rows: 12_000, reasons: whole.reasons });
    expect(isWhole('out.csv')).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['in.csv', 'out.csv', 'whole.csv']);
  });

  it.each([
    ['is gone', (part: string) => rmSync(part)],
    ['is shorter than was noted', (part: string) => truncateSync(part, 1000)],
  ])('starts anew when what was written before %s', async (_, spoil) => {
    await run(test.app, 'whole.csv');
    await expect(run(stopping(2), 'out.csv')).rejects.toThrow('stopped');
    spoil(join(folder, 'out.csv.part'));
    await run(test.app, 'out.csv');
    expect(isWhole('out.csv')).toBe(true);
  });

  it.each([
    ['scrub', 'in.csv', 'out.csv'],
    ['export', 'contactable', 'out.csv'],
  ])('%s answers as of now, and says so when asked about another time', async (...names) => {
    const files = names.map((name) => (name.endsWith('.csv') ? join(folder, name) : name));
    const asked = ['--purpose', 'product-news', '--channel', 'email', '--at', '2026-01-01'];
    const told = await jawort(test.app, [...files, ...asked]);
    expect(told).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('as of now') });
    expect(readdirSync(folder)).toEqual(['in.csv']);
  });

  it('says when there is no room, and goes on to the same file once there is', async () => {
    await run(test.app, 'whole.csv');
    const asked = ['--purpose', 'product-news', '--channel', 'email', '--json'];
    const args = ['scrub', join(folder, 'in.csv'), join(folder, 'out.csv'), ...asked];
    const full = await jawort(test.app, args, { mostKilobytes: 700 });
    expect(full).toMatchObject({ code: 1, stdout: '' });
    expect(full.stderr).toMatch(/out\.csv.*EFBIG.*\n.*same command/);
    expect(full.stderr).not.toContain('    at ');
    expect(readdirSync(folder)).not.toContain('out.csv');
    expect(await jawort(test.app, args)).toMatchObject({ code: 0, stderr: '' });
    expect(isWhole('out.csv')).toBe(true);
  });
});
