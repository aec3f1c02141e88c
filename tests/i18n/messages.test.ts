import { globSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import de from '#src/i18n/de.json' with { type: 'json' };
import en from '#src/i18n/en.json' with { type: 'json' };
import { translator } from '#src/i18n/translate.ts';

const german: Record<string, string> = de;
const english: Record<string, string> = en;
const code = globSync('src/**/*.{ts,astro}')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('the messages', () => {
  it('are there in both languages', () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(german).sort());
  });

  it('take the same values in both languages', () => {
    for (const key of Object.keys(german)) {
      expect(valuesOf(english[key] ?? ''), key).toEqual(valuesOf(german[key] ?? ''));
    }
  });

  it('are all used', () => {
    const dead = Object.keys(german).filter(
      (key) => !new RegExp(`['"]${key}['"]`).test(code) && !builtNames.some((name) => name.test(key)),
    );
    expect(dead).toEqual([]);
  });

  it('are given values where they need any', () => {
    const bare = [...code.matchAll(/\bt\('([\w.]+)'\)/g)].map(([, key = '']) => key);
    expect(bare.length).toBeGreaterThan(50);
    expect(bare.filter((key) => valuesOf(german[key] ?? '').length > 0)).toEqual([]);
  });
});

describe('translator', () => {
  it('counts', () => {
    expect(translator('de')('error.summary', { count: 1 })).toContain('Eine Angabe');
    expect(translator('en')('error.summary', { count: 3 })).toContain('Some things');
  });

  it('throws when a value is missing', () => {
    expect(() => translator('de')('preferences.since')).toThrow(/at/);
  });

  it('escapes values in markup and isolates their direction', () => {
    expect(translator('de').rich('sent.to', { address: '<i>\u202e' })).toContain(
      '<b><bdi>&#60;i&#62;\u202e</bdi></b>',
    );
  });
});

/** Keys that are put together from a name, such as a state; the type checker holds those to the catalogue. */
const builtNames = [
  /^(channel|state|event|origin|by|field|error|problem)\./,
  /^sent\.(confirmed|expired)\./,
  /^confirm\.(confirmed|rejected|expired|deleted|replaced)\.heading$/,
  /^confirm\.not_asked\.(stopped|invalid)$/,
  /^ground\.(right|occasion)\./,
  /^unsubscribe\.(nothing|done)\.heading$/,
];

function valuesOf(message: string): string[] {
  const names = new Set<string>();
  const visit = (elements: ReturnType<IntlMessageFormat['getAst']>) => {
    for (const element of elements) {
      if (element.type !== 0 && element.type !== 7 && element.type !== 8) names.add(element.value);
      if ('options' in element) for (const option of Object.values(element.options)) visit(option.value);
    }
  };
  visit(new IntlMessageFormat(message, 'de', undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}
