import { describe, expect, it } from 'vitest';
import type { CheckInput, RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';
import { roughSpellings, soundVariants, spellings, spoilers } from './clause-variants.ts';
import { laterFlawedClauses, laterSoundClauses } from './later-clauses.ts';
import { flawedClauses, soundClauses } from './meaning-clauses.ts';

const errorsIn = (input: CheckInput) =>
  checkWording(input)
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, message }) => `${rule} ${message}`);

const allFlawed = [...flawedClauses, ...laterFlawedClauses];
const allSound = [...soundClauses, ...laterSoundClauses];
const locales: RuleLanguage[] = ['de', 'en'];

describe('a flaw in any words', () => {
  it.each(allFlawed)('$flaw: $input.wording', ({ rules, input }) => {
    const [first] = checkWording(input);
    expect(first?.severity).toBe('error');
    expect(rules).toContain(first?.rule);
  });

  it.each(Object.entries(roughSpellings))('is found %s', (_, spelt) => {
    const missed = allFlawed.filter(({ rules, input }) => {
      const found = errorsIn({ ...input, wording: spelt(input.wording) });
      return !found.some((one) => rules.includes(one.slice(0, 3)));
    });
    expect(missed.map(({ input }) => input.wording)).toEqual([]);
  });

  it.each(locales)('is found in every text that it is put into (%s)', (locale) => {
    const missed = spoilers[locale].flatMap(([rules, words]) =>
      soundVariants(locale)
        .map((input) => ({ ...input, wording: input.wording.replace('. ', `. ${words} `) }))
        .filter((input) => !errorsIn(input).some((one) => rules.includes(one.slice(0, 3))))
        .map(({ wording }) => `${rules}: ${wording}`),
    );
    expect(missed).toEqual([]);
  });
});

describe('a sound text', () => {
  it.each(allSound)('has no error: $wording', (input) => {
    expect(errorsIn(input)).toEqual([]);
  });

  it.each(Object.entries(spellings))('has none %s', (_, spelt) => {
    const alarms = allSound.flatMap((input) => errorsIn({ ...input, wording: spelt(input.wording) }));
    expect(alarms).toEqual([]);
  });

  it.each(locales)('has none with one word changed (%s)', (locale) => {
    const alarms = soundVariants(locale).flatMap((input) =>
      errorsIn(input).map((one) => `${one} ${input.wording}`),
    );
    expect(alarms).toEqual([]);
  });
});
