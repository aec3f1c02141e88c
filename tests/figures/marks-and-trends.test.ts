import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scheduleVersion } from '#src/consent-texts/schedule-version.ts';
import { periodBetween } from '#src/figures/period.ts';
import { readMarks } from '#src/figures/read-marks.ts';
import { readTrends } from '#src/figures/read-trends.ts';
import { settleFigures } from '#src/figures/settle-figures.ts';
import { findForm } from '#src/forms/find-form.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { approved, lukas } from '#tests/consent-texts/desk.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { twoDays } from './history.ts';

describe.each(databases)('marks and trends on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  const period = (from: string, to: string) => {
    const found = periodBetween(from, to);
    if (!found) throw new Error(`no period from ${from} to ${to}`);
    return found;
  };
  const formId = async (key: string) => (await findForm(test.app.db, key))?.id ?? '';

  it('mark the days on which a text and its forms went live, for all forms or one', async () => {
    const { app } = test;
    test.pass({ days: 3 });
    await scheduleVersion(app, lukas, await approved(app), 'at_once');
    await publishDueTexts(app);
    const week = period('2026-11-04', '2026-11-10');
    const namesOf = async (more: { formId?: string } = {}) =>
      (await readMarks(app.db, { ...week, ...more })).map(
        ({ day, kind, name: what }) => `${day} ${kind} ${what}`,
      );
    const text = '2026-11-05 text product-news/email/de@1.1';
    expect((await namesOf()).sort()).toEqual([
      '2026-11-05 form fair 2',
      '2026-11-05 form newsletter 2',
      text,
    ]);
    const ofOne = await namesOf({ formId: await formId('newsletter') });
    expect(ofOne.sort()).toEqual(['2026-11-05 form newsletter 2', text]);
    expect(await readMarks(app.db, period('2026-11-06', '2026-11-10'))).toEqual([]);
  });

  it('leave the current week out of the course, but not out of the sum', async () => {
    const { app } = test;
    await twoDays(test);
    await settleFigures(app);
    // Monday, 2 November, and a Wednesday: one whole week, and one that goes on.
    const trends = async (from: string, to: string) =>
      (await readTrends(app.db, period(from, to))).get(await formId('newsletter'));
    expect(await trends('2026-09-28', '2026-11-08')).toEqual({ course: [0, 0, 0, 0, 0, 3], confirmed: 3 });
    expect(await trends('2026-09-28', '2026-11-04')).toEqual({ course: [0, 0, 0, 0, 0], confirmed: 3 });
    expect(await trends('2026-11-01', '2026-11-03')).toEqual({ course: [0, 3, 0], confirmed: 3 });
  });
});
