import { describe, expect, it } from 'vitest';
import { countsOfPlaywright, countsOfVitest, isClean, sum } from './test-counts.ts';

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
    const counts = [countsOfVitest(true, vitestReport(3, 0)), countsOfPlaywright(true, browser)];
    expect(sum(counts)).toEqual({ passed: 7, failed: 0, skipped: 1 });
  });

  it('counts a run that failed outside its tests', () => {
    expect(countsOfVitest(false, vitestReport(3, 0))).toEqual({ passed: 3, failed: 1, skipped: 1 });
  });

  it('counts a run that left no report', () => {
    expect(countsOfVitest(true, undefined).failed).toBe(1);
    expect(countsOfPlaywright(true, 'nonsense').failed).toBe(1);
  });

  it('takes a browser test that passed only when tried again for a failure', () => {
    const flaky = JSON.stringify({ stats: { expected: 4, unexpected: 0, flaky: 1, skipped: 0 } });
    expect(countsOfPlaywright(true, flaky)).toEqual({ passed: 4, failed: 1, skipped: 0 });
  });

  it('is not clean when nothing ran', () => {
    expect(isClean({ passed: 0, failed: 0, skipped: 0 })).toBe(false);
  });
});
