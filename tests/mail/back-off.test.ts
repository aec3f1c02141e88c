import { describe, expect, it } from 'vitest';
import { maxAttempts, retryAt } from '#src/mail/back-off.ts';

const now = new Date('2026-11-02T09:00:00.000Z');
const seconds = (attempts: number, retryAfter: number, random: number) =>
  (retryAt(attempts, now, retryAfter, () => random).getTime() - now.getTime()) / 1000;

describe('retryAt', () => {
  it('waits up to four times as long after each failure, but never more than six hours', () => {
    expect([1, 2, 3, 4, 13].map((attempts) => seconds(attempts, 0, 1))).toEqual([5, 20, 80, 320, 21_600]);
  });

  it('spreads the waits over the whole span, and always waits a second', () => {
    expect([0, 0.25, 0.5].map((random) => seconds(3, 0, random))).toEqual([1, 20, 40]);
  });

  it('believes a provider that asks for longer', () => {
    expect([seconds(1, 90, 1), seconds(5, 90, 1)]).toEqual([90, 1280]);
  });

  it('keeps on for about two days at most', () => {
    const longest = Array.from({ length: maxAttempts - 1 }, (_, index) => seconds(index + 1, 0, 1));
    const hours = longest.reduce((sum, wait) => sum + wait, 0) / 3600;
    expect(hours).toBeGreaterThan(36);
    expect(hours).toBeLessThan(50);
  });
});
