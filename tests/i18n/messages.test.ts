import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from '#src/i18n/catalogue.ts';
import { defaultLocale, fallbackChain, locales } from '#src/i18n/locales.ts';
import { translator } from '#src/i18n/translate.ts';
import { messageParamsFile, paramsOf } from '../support/message-params.ts';

const source = readCatalogue(defaultLocale);

describe('the messages', () => {
  it('are typed as they are written', async () => {
    await expect(messageParamsFile()).toMatchFileSnapshot('../../src/i18n/message-params.ts');
  });

  it.each(locales)('are all there in %s, by itself or with the languages of its family', (locale) => {
    const family = fallbackChain(locale).filter((one) => languageOf(one) === languageOf(locale));
    const known = new Set(family.flatMap((one) => [...readCatalogue(one).keys()]));
    expect([...source.keys()].filter((key) => !known.has(key))).toEqual([]);
  });

  it.each(locales)('of %s are known to the default language and take the same values', (locale) => {
    const faults = [...readCatalogue(locale)].filter(([key, message]) => {
      const expected = source.get(key);
      return expected === undefined || namesIn(message) !== namesIn(expected);
    });
    expect(faults).toEqual([]);
  });

  it('are all used', () => {
    const code = globSync('{src,emails}/**/*.{ts,astro}', { exclude: ['src/i18n/message-params.ts'] })
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const literals = new Set([...code.matchAll(/['"`]([a-z_]+(?:\.\w+)+)['"`]/g)].map(([, key]) => key));
    const built = [...code.matchAll(/`([a-z_]+\.(?:[\w.]|\$\{[^}]*\})*)`/g)].map(([, key = '']) =>
      patternOf(key),
    );
    const unused = [...source.keys()].filter(
      (key) => !literals.has(key) && !built.some((pattern) => pattern.test(key)),
    );
    expect(unused).toEqual([]);
  });
});

describe('translator', () => {
  it('counts', () => {
    expect(translator('de')('error.summary', { count: 1 })).toContain('Eine Angabe');
    expect(translator('en')('error.summary', { count: 3 })).toContain('Some things');
  });

  it('says in the default language what another one lacks', () => {
    expect(translator('tlh')('error.summary', { count: 1 })).toContain('Eine Angabe');
  });

  it('lets no call forget a value, give one too many or name no message', () => {
    // @ts-expect-error `at` is missing
    expect(() => translator('de')('preferences.since')).toThrow(/at/);
    // @ts-expect-error there is no `until`
    translator('de')('preferences.since', { at: '2 March', until: '3 March' });
    // @ts-expect-error a message without values
    translator('de')('preferences.save', { at: '2 March' });
    // @ts-expect-error a plural needs a number
    translator('de')('error.summary', { count: 'two' });
    // @ts-expect-error
    expect(() => translator('de')('preferences.sincerely')).toThrow('preferences.sincerely');
  });

  it('escapes values in markup and isolates their direction', () => {
    expect(translator('de').rich('sent.to', { address: '<i>\u202e' })).toContain(
      '<b><bdi>&#60;i&#62;\u202e</bdi></b>',
    );
  });
});

function languageOf(locale: string): string | undefined {
  return locale.split('-', 1)[0];
}

/** Its values, but for those that only choose between cases: not each language has a gender to choose by. */
function namesIn(message: string): string {
  return [...paramsOf(message)].flatMap(([name, kind]) => (kind === 'string' ? [] : [name])).join();
}

/** A key that is built from a name: the type checker holds those to the messages. */
function patternOf(template: string): RegExp {
  const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', String.raw`\.`));
  return new RegExp(`^${parts.join('.+')}$`);
}
