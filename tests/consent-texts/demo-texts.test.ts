import { describe, expect, it } from 'vitest';
import { demoController, demoPurposes } from '#db/demo/demo-data.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { canonicalWording } from '#src/consent-texts/canonical-wording.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';

const texts = demoPurposes.flatMap((purpose) =>
  (Object.entries(purpose.texts) as [Channel, Record<Locale, string>][]).flatMap(([channel, words]) =>
    (['de', 'en'] as const).map((locale) => ({ purpose, channel, locale, wording: words[locale] ?? '' })),
  ),
);

describe('the texts of the demo', () => {
  it.each(texts)(
    'pass the wording check: $purpose.key/$channel/$locale',
    ({ purpose, channel, locale, wording }) => {
      const findings = checkWording({
        locale,
        wording,
        title: purpose.titles[locale] ?? '',
        channels: [channel],
        controllers: [{ name: demoController.legal_name, place: 'Hanau' }],
        recipients: purpose.thirdParties.map(({ name, place }) => ({ name, place })),
        purposes: [],
      });
      // That a second company is named is what this box is about; legal acknowledges the warning once.
      const acknowledged = purpose.key === 'partner-offers' ? ['W03'] : [];
      const left = findings.filter(
        ({ severity, rule }) => severity !== 'info' && !acknowledged.includes(rule),
      );
      expect(left.map(({ rule, message }) => `${rule} ${message}`)).toEqual([]);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    },
  );

  it.each(texts)('are canonical as they stand: $purpose.key/$channel/$locale', ({ wording }) => {
    expect(canonicalWording(wording)).toBe(wording);
  });
});
