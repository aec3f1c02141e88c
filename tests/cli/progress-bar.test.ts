import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progressBar } from '#src/cli/progress-bar.ts';

describe('the progress bar', () => {
  const { isTTY } = process.stderr;
  let drawn: string[];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    drawn = [];
    process.stderr.isTTY = true;
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => drawn.push(String(text).trim()) > 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
    process.stderr.isTTY = isTTY;
  });

  it('tells how long it will take, but not before the first rows', () => {
    const show = progressBar(1000, 0);
    for (const [readTo, rows] of [
      [10, 0],
      [250, 50],
      [1000, 200],
    ] as const) {
      vi.advanceTimersByTime(1000);
      show(readTo, rows, readTo === 1000);
    }
    expect(drawn).toEqual([
      expect.stringMatching(/ 1 % {2}0 rows {2}0\/s$/),
      expect.stringMatching(/25 % {2}50 rows {2}25\/s {2}6 s left$/),
      expect.stringMatching(/100 % {2}200 rows {2}67\/s {2}3\.0 s$/),
    ]);
  });
});
