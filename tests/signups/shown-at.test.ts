import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillTimeWait, shownAt } from '#src/signups/shown-at.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';

describe('the minimum fill time', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openTestApp('sqlite');
    test.app.config.limits = true;
  });
  afterAll(() => test.close());

  it('makes whoever is faster than a person wait, and nobody else', () => {
    const { app, pass } = test;
    const shown = shownAt(app);
    expect(fillTimeWait(app, shown, 2)).toBe(2_000);
    pass({ minutes: 1 });
    expect(fillTimeWait(app, shown, 2)).toBe(0);
  });

  it('makes whoever hides or forges the time wait, too', () => {
    const { app } = test;
    expect(fillTimeWait(app, undefined, 2)).toBe(2_000);
    expect(fillTimeWait(app, `0.${'A'.repeat(22)}`, 2)).toBe(2_000);
    expect(fillTimeWait(app, 'ü.'.padEnd(24, 'ü'), 2)).toBe(2_000);
  });

  it('does not count where limits are off', () => {
    test.app.config.limits = false;
    expect(fillTimeWait(test.app, undefined, 2)).toBe(0);
  });
});
