import { describe, expect, it } from 'vitest';
import { delayClass, medianMinutes } from '#src/figures/delays.ts';
import { bucketsOf, periodBefore, periodBetween, periodOf } from '#src/figures/period.ts';
import { calendarDay } from '#src/i18n/dates.ts';
import { pageName, sourceName } from '#src/sightings/names.ts';

/** A Wednesday, half past midnight in Berlin, and still Tuesday in UTC. */
const now = new Date('2026-11-24T23:30:00.000Z');

describe('a period', () => {
  it('ends today by the German calendar, and begins on a Monday when it is long', () => {
    expect(calendarDay(now)).toBe('2026-11-25');
    expect(periodOf('week', now)).toEqual({ span: 'week', from: '2026-11-19', to: '2026-11-25' });
    expect(periodOf('quarter', now).from).toBe('2026-08-24');
  });

  it('is compared with the one of the same length before it', () => {
    expect(periodBefore(periodOf('week', now))).toMatchObject({ from: '2026-11-12', to: '2026-11-18' });
  });

  it('is divided into days, weeks or months, the last of which may be open', () => {
    expect(bucketsOf(periodOf('week', now)).length).toBe(7);
    const weeks = bucketsOf(periodOf('quarter', now));
    expect(weeks.length).toBe(14);
    expect(weeks.at(-1)).toEqual({ unit: 'week', from: '2026-11-23', to: '2026-11-25', open: true });
    const months = bucketsOf({ span: 'custom', from: '2024-01-15', to: '2026-11-30' });
    expect(months[0]).toEqual({ unit: 'month', from: '2024-01-15', to: '2024-01-31', open: false });
    expect(months.length).toBe(35);
  });

  it('between two days accepts either order, and real days only', () => {
    expect(periodBetween('2026-11-03', '2026-11-01')).toMatchObject({ from: '2026-11-01', to: '2026-11-03' });
    expect(periodBetween('2026-02-30', '2026-11-01')).toBeUndefined();
    expect(periodBetween('1900-01-01', '2026-11-01')?.from).toBe('2016-10-24');
  });
});

describe('the time to confirm', () => {
  it('falls into classes that get wider', () => {
    expect([0.5, 59.9, 64, 359, 400, 1439, 2000].map(delayClass)).toEqual([0, 59, 60, 355, 360, 1380, 1800]);
  });

  it('has a median', () => {
    expect(medianMinutes([])).toBeUndefined();
    expect(
      medianMinutes([
        { minutes: 60, confirmed: 1 },
        { minutes: 3, confirmed: 2 },
      ]),
    ).toBe(3);
  });
});

describe('the names in a chart', () => {
  it('name campaigns and pages, never people', () => {
    expect(sourceName(' spring-letter 2026 ')).toBe('spring-letter 2026');
    expect(sourceName(null)).toBe('');
    for (const personal of ['anna@example.org', '+49 6181 123456', 'x'.repeat(61), 'user=a1b2c3d4e5f60718'])
      expect(sourceName(personal), personal).toBe('*');
    expect(pageName('https://www.example.org/shop/drills?visitor=anna#top')).toBe(
      'https://www.example.org/shop/drills',
    );
    expect(pageName('https://www.example.org/reset/9f8e7d6c5b4a39281706/form')).toBe(
      'https://www.example.org/reset/…',
    );
    expect(pageName('https://www.example.org/u/anna%40example.org')).toBe('https://www.example.org/u/…');
  });
});
