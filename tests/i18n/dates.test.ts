import { describe, expect, it } from 'vitest';
import { dateText, dateTimeText, exactTimeText, timeHtml, utcText } from '#src/i18n/dates.ts';

const at = '2026-03-12T09:04:05.000Z';

describe('dates', () => {
  it('are written as one writes them', () => {
    expect(dateText(at, 'de')).toBe('12. März 2026');
    expect(dateTimeText(at, 'de')).toBe('12. März 2026, 10:04 Uhr');
    expect(dateTimeText(at, 'en')).toBe('12 March 2026, 10:04');
  });

  it('name their zone where proof matters, in summer as in winter', () => {
    expect(exactTimeText(at, 'de')).toBe('12. März 2026, 10:04 Uhr (MEZ)');
    expect(exactTimeText('2026-07-12T09:04:05.000Z', 'de')).toBe('12. Juli 2026, 11:04 Uhr (MESZ)');
    expect(exactTimeText(at, 'en')).toBe('12 March 2026, 10:04 (CET)');
  });

  it('carry the exact UTC in their title', () => {
    expect(utcText(at)).toBe('2026-03-12 09:04:05 UTC');
    expect(timeHtml(at, 'Donnerstag').markup).toBe(
      `<time datetime="${at}" title="2026-03-12 09:04:05 UTC">Donnerstag</time>`,
    );
  });
});
