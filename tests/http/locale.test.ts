import { describe, expect, it } from 'vitest';
import { wishedLocale } from '#src/http/locale.ts';

describe('wishedLocale', () => {
  it.each([
    ['?lang=en', 'de', 'en'],
    ['?lang=de', 'en-GB,en;q=0.9', 'de'],
    ['?lang=fr', 'en', 'en'],
    ['', 'de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['', 'fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7', 'en'],
    ['', 'de;q=0.3, EN-us;q=0.4', 'en'],
    ['', 'de;q=0, en;q=0.1', 'en'],
    ['', 'fr', undefined],
    ['', '*', undefined],
    ['', '', undefined],
    ['', ';;q=x,,', undefined],
  ])('of %j with %j is %j', (search, accepted, expected) => {
    const request = new Request(`http://x/${search}`, { headers: { 'Accept-Language': accepted } });
    expect(wishedLocale(request)).toBe(expected);
  });
});
