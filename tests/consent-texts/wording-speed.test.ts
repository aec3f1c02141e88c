import { describe, expect, it } from 'vitest';
import type { RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';
import { rules } from '#src/consent-texts/wording-check/rules.ts';
import { referenceTexts } from './reference-texts.ts';

const LENGTH = 10_000;
const locales: RuleLanguage[] = ['de', 'en'];

/** The best of several runs: a busy machine must not decide. */
function milliseconds(locale: RuleLanguage, wording: string, limit: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 12 && best > limit / 2; run += 1) {
    const from = performance.now();
    checkWording({ locale, wording, channels: ['email'], controllers: [{ name: 'Muster GmbH' }] });
    best = Math.min(best, performance.now() - from);
  }
  return best;
}

function filledWith(unit: string): string {
  return unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);
}

/** The literal words of a rule's patterns: repeated, they start every pattern as often as possible. */
function wordsOf(sources: string[]): string[] {
  const bare = sources.map((source) =>
    source.replace(/\\[a-zA-Z](?:\{[^}]*\})?|\[[^\]]*\]|\(\?[<!=:]+|\{[^}]*\}/g, ' '),
  );
  return [...new Set(bare.join(' ').match(/[\p{L}@%$-]{2,}/gu) ?? [])];
}

/** So many of them, from the first pattern to the last. */
function spread(words: string[], count: number): string[] {
  const step = Math.max(1, words.length / count);
  return words.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

const generalUnits = [
  ' ',
  'a',
  'A ',
  'Aa ',
  '.',
  '? A',
  ', ',
  '<',
  '<a ',
  '<!--',
  '&',
  '&a;',
  '@',
  'a@',
  '\n',
  '\u00a0',
  '1',
  '1 ',
  '☐ ',
  '„',
  '\u0301',
  'a\u0301',
  '\u200b',
  '\u202ea',
  '\u0430',
  'a\u0430',
  '\u1100\u1161\u11a8',
  '👩‍🚀',
  '\ud800',
  'A GmbH ',
  'A & ',
  'Aa Aa, Aa (a) ',
  'e-mail: a',
  'tel. 1',
  'www.',
  'für a ',
  'ihre a b ',
  'for a ',
  'ja, widerruf, ',
  'Ja. ',
  '${',
  '{',
  '_',
  '[firma',
];

describe('ten thousand hostile characters stay under 50 ms', () => {
  it.each(locales)('whatever they are made of (%s)', (locale) => {
    const slow = generalUnits
      .map((unit) => ({ unit, ms: milliseconds(locale, filledWith(unit), 50) }))
      .filter(({ ms }) => ms > 50);
    expect(slow).toEqual([]);
  });

  it.each(
    rules.flatMap(({ id, patterns, except, unless }) =>
      locales.map(
        (locale) => [id, locale, [...patterns[locale], ...except[locale], ...unless[locale]]] as const,
      ),
    ),
  )(
    'made for the patterns of %s (%s)',
    (_, locale, patterns) => {
      const words = spread(wordsOf(patterns.map(({ source }) => source)), 8);
      const units = words.flatMap((word, index) => {
        const next = words[(index + 1) % words.length] ?? word;
        return [word, `${word} `, `${word} ${next} `, `${word} x ${next}, `];
      });
      const starts = words.slice(0, 3).map((word) => `${word} ${filledWith('a')}`.slice(0, LENGTH));
      const slow = [...units.map(filledWith), ...starts]
        .map((wording) => ({ wording: wording.slice(0, 40), ms: milliseconds(locale, wording, 50) }))
        .filter(({ ms }) => ms > 50);
      expect(slow).toEqual([]);
    },
    60_000,
  );
});

describe('a text of a thousand characters', () => {
  it.each(referenceTexts)('is answered in under 10 ms: $name', ({ locale, wording }) => {
    const thousand = `${wording} `.repeat(5).slice(0, 1000);
    expect(milliseconds(locale, thousand, 10)).toBeLessThan(10);
  });

  it('is not waited for when it is a hundred times as long', () => {
    const findings = checkWording({ locale: 'de', wording: 'Ja. '.repeat(50_000) });
    expect(findings).toContainEqual(
      expect.objectContaining({ rule: 'W31', message: 'Nur die ersten 20000 Zeichen sind geprüft.' }),
    );
  });
});
