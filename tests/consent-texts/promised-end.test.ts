import { describe, expect, it } from 'vitest';
import { demoPurposes } from '#db/demo/demo-data.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { permissionEnd, promisedEnd } from '#src/consent-texts/promised-end.ts';

describe('promisedEnd', () => {
  it.each<[Locale, string, unknown]>([
    ['de', 'Ja, … Das gilt bis zum 31.12.2027.', { until: '2027-12-31T22:59:59.999Z' }],
    [
      'de',
      'Meine Einwilligung gilt bis 1. März 2028, danach nicht mehr.',
      { until: '2028-03-01T22:59:59.999Z' },
    ],
    ['de', 'Die Einwilligung gilt für zwei Jahre.', { months: 24 }],
    ['de', 'Die Einwilligung gilt längstens 18 Monate.', { months: 18 }],
    ['de', 'Die Einwilligung erlischt nach einem Jahr.', { months: 12 }],
    ['en', 'My consent is valid until 31 December 2027.', { until: '2027-12-31T22:59:59.999Z' }],
    ['en', 'My consent applies for two years.', { months: 24 }],
    ['en', 'It expires after 6 months.', { months: 6 }],
  ])('reads what the words promise (%s): %s', (locale, wording, end) => {
    expect(promisedEnd(wording, locale)).toEqual(end);
  });

  it.each<[Locale, string]>([
    ['de', 'Die Einwilligung gilt bis zum Widerruf.'],
    ['de', 'Ja, … höchstens zweimal im Jahr.'],
    ['de', 'Sie gilt zwei Jahre nach Vertragsende.'],
    ['de', 'Das gilt bis 31.13.2027.'],
    ['en', 'My consent applies until I withdraw it.'],
    ['en', 'It applies two years after the end of the contract.'],
  ])('reads no end into other words (%s): %s', (locale, wording) => {
    expect(promisedEnd(wording, locale)).toBeUndefined();
  });

  it('finds none in the texts of the demo', () => {
    for (const { texts } of demoPurposes) {
      for (const words of Object.values(texts)) {
        expect(promisedEnd(words.de ?? '', 'de')).toBeUndefined();
        expect(promisedEnd(words.en ?? '', 'en')).toBeUndefined();
      }
    }
  });

  it('counts months from the yes', () => {
    expect(permissionEnd('Das gilt für zwei Jahre.', 'de', '2026-02-28T10:00:00.000Z')).toBe(
      '2028-02-28T10:00:00.000Z',
    );
    expect(permissionEnd('Das gilt für ein Jahr.', 'de', '2028-02-29T10:00:00.000Z')).toBe(
      '2029-02-28T10:00:00.000Z',
    );
    expect(permissionEnd('Das gilt bis zum Widerruf.', 'de', '2026-02-28T10:00:00.000Z')).toBeNull();
  });
});
