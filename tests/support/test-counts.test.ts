import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isClean, outcomeOfPlaywright, outcomeOfVitest, sum } from './test-counts.ts';

const vitestReport = (passed: number, failed: number) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: 1,
    numTodoTests: 0,
  });

describe('the last line of npm test', () => {
  it('adds up every run', () => {
    const browser = JSON.stringify({ stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 0 } });
    const counts = [outcomeOfVitest(true, vitestReport(3, 0)), outcomeOfPlaywright(true, browser)];
    expect(sum(counts)).toEqual({ passed: 7, failed: 0, skipped: 1 });
  });

  it('counts a run that failed outside its tests', () => {
    expect(outcomeOfVitest(false, vitestReport(3, 0))).toEqual({
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

  it('says what failed, in which file', () => {
    const failed = {
      status: 'failed',
      fullName: 'a clock strikes',
      failureMessages: ['\u001b[31mexpected 12\u001b[39m'],
    };
    const passed = { status: 'passed', fullName: 'a clock ticks', failureMessages: [] };
    const file = {
      name: resolve('tests/clock.test.ts'),
      status: 'failed',
      assertionResults: [passed, failed],
    };
    const broken = {
      name: resolve('tests/broken.test.ts'),
      status: 'failed',
      message: 'no such file',
      assertionResults: [],
    };
    const report = { ...JSON.parse(vitestReport(1, 1)), testResults: [file, broken] };
    expect(outcomeOfVitest(false, JSON.stringify(report)).failures).toEqual([
      'tests/clock.test.ts › a clock strikes\n    expected 12',
      'tests/broken.test.ts\n    no such file',
    ]);
    const spec = {
      file: 'tests/e2e/clock.spec.ts',
      title: 'strikes',
      tests: [{ status: 'unexpected', results: [{ error: { message: 'late' } }] }],
    };
    const suites = [{ suites: [{ specs: [spec] }] }];
    const browser = { stats: { expected: 4, unexpected: 1, flaky: 0, skipped: 0 }, suites };
    expect(outcomeOfPlaywright(false, JSON.stringify(browser)).failures).toEqual([
      'tests/e2e/clock.spec.ts › strikes\n    late',
    ]);
  });

  it('is not clean when nothing ran', () => {
    expect(isClean({ passed: 0, failed: 0, skipped: 0 })).toBe(false);
  });
});
