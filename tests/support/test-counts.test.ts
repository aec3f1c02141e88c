import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isClean, outcomeOfPlaywright, outcomeOfVitest, sum } from './test-counts.ts';

const vitestReport = JSON.stringify({ passed: 3, failed: 0, skipped: 1, failures: [] });

describe('the last line of npm test', () => {
  it('adds up every run', () => {
    const browser = JSON.stringify({ stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 0 } });
    const counts = [outcomeOfVitest(true, vitestReport), outcomeOfPlaywright(true, browser)];
    expect(sum(counts)).toEqual({ passed: 7, failed: 0, skipped: 1 });
  });

  it('counts a run that failed without a failed test', () => {
    expect(outcomeOfVitest(false, vitestReport)).toEqual({
      passed: 3,
      failed: 1,
      skipped: 1,
      failures: ['It failed outside of its tests.'],
    });
  });

  it('counts a run that left no report', () => {
    expect(outcomeOfVitest(true, undefined).failed).toBe(1);
    expect(outcomeOfPlaywright(true, 'nonsense').failed).toBe(1);
  });

  it('takes a browser test that passed only when tried again for a failure', () => {
    const flaky = JSON.stringify({ stats: { expected: 4, unexpected: 0, flaky: 1, skipped: 0 } });
    expect(outcomeOfPlaywright(true, flaky)).toMatchObject({ passed: 4, failed: 1, skipped: 0 });
  });

  it('names each failed browser test, and what failed around them', () => {
    const spec = {
      file: 'tests/e2e/clock.spec.ts',
      title: 'strikes',
      tests: [{ status: 'unexpected', results: [{ error: { message: '\u001b[31mlate\u001b[39m' } }] }],
    };
    const suites = [{ suites: [{ specs: [spec] }] }];
    const stats = { expected: 4, unexpected: 1, flaky: 0, skipped: 0 };
    const report = JSON.stringify({ stats, suites, errors: [{ message: 'The server did not start.' }] });
    expect(outcomeOfPlaywright(false, report)).toMatchObject({
      failed: 2,
      failures: [
        'tests/e2e/clock.spec.ts › strikes\n    late',
        'outside of its tests\n    The server did not start.',
      ],
    });
  });

  it('names each failed test of Vitest, and what failed around them', async () => {
    const { failures, ...counts } = await outcomeOfFiles({
      'clock.test.ts': `
        import { it, expect } from 'vitest';
        it('ticks', () => {});
        it.skip('chimes', () => {});
        it('strikes', () => expect(11).toBe(12));
        it('leaves an error behind', () => { Promise.reject(new Error('nobody waits for me')); });
      `,
      'broken.test.ts': `throw new Error('no such clock');`,
    });
    expect(counts).toEqual({ passed: 2, failed: 3, skipped: 1 });
    expect(failures).toEqual([
      expect.stringMatching(/clock\.test\.ts › strikes\n {4}expected 11 to be 12/),
      expect.stringMatching(/broken\.test\.ts\n {4}no such clock/),
      expect.stringMatching(/^outside of a test\n {4}nobody waits for me/),
    ]);
  }, 60_000);

  it('is not clean when nothing ran', () => {
    expect(isClean({ passed: 0, failed: 0, skipped: 0 })).toBe(false);
  });
});

/** Runs these files with Vitest itself. They lie in the project, where they find it. */
async function outcomeOfFiles(files: Record<string, string>) {
  mkdirSync('test-results', { recursive: true });
  const folder = mkdtempSync(resolve('test-results/outcome-'));
  const report = join(folder, 'outcome.json');
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const reporter = `--reporter=${resolve('tests/support/outcome-reporter.ts')}`;
    const run = promisify(execFile)(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', `--root=${folder}`, reporter],
      { env: { PATH: process.env.PATH, OUTCOME_FILE: report } },
    );
    const ok = await run.then(
      () => true,
      () => false,
    );
    return outcomeOfVitest(ok, readFileSync(report, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
