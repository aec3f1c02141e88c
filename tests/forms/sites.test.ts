import { describe, expect, it } from 'vitest';
import { pageOnSites, readSite } from '#src/forms/sites.ts';

describe('readSite', () => {
  it.each([
    ['https://www.muster.de', 'https://www.muster.de'],
    [' https://WWW.Muster.de/ ', 'https://www.muster.de'],
    ['https://shop.muster.de:8443', 'https://shop.muster.de:8443'],
    ['https://www.muster.de:443', 'https://www.muster.de'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['https://müller.de', 'https://xn--mller-kva.de'],
  ])('takes %s', (typed, origin) => {
    expect(readSite(typed)).toEqual({ ok: true, origin });
  });

  it.each([
    ['https://www.muster.de/newsletter', 'path', 'https://www.muster.de'],
    ['https://www.muster.de?a=1', 'path', 'https://www.muster.de'],
    ['https://*.muster.de', 'wildcard', undefined],
    ['*', 'wildcard', undefined],
    ['www.muster.de', 'no_scheme', 'https://www.muster.de'],
    ['//www.muster.de/x', 'no_scheme', 'https://www.muster.de'],
    ['muster.de:8443', 'no_scheme', 'https://muster.de:8443'],
    ['https:/www.muster.de', 'no_scheme', undefined],
    ['ftp://www.muster.de', 'other_scheme', undefined],
    ['javascript://www.muster.de', 'other_scheme', undefined],
    ['https://anna@www.muster.de', 'credentials', 'https://www.muster.de'],
    ['https://www', 'no_site', undefined],
    ['https://www..muster.de', 'no_site', undefined],
    ['https://www,muster.de', 'no_site', undefined],
    ['https://www.muster.de https://b.de', 'no_site', undefined],
    ["https://a.de; script-src 'unsafe-inline'", 'no_site', undefined],
    ['https://www.muster.de:99999', 'no_site', undefined],
    ['', 'no_scheme', undefined],
  ])('refuses %s', (typed, code, meant) => {
    expect(readSite(typed)).toMatchObject({ ok: false, code });
    expect((readSite(typed) as { meant?: string }).meant).toBe(meant);
  });
});

describe('pageOnSites', () => {
  const sites = ['https://www.muster.de'];

  it('knows a page of an allowed site', () => {
    expect(pageOnSites('https://www.muster.de/danke?a=1', sites)).toBe('https://www.muster.de/danke?a=1');
  });

  it.each([
    'https://www.muster.de.evil.example/danke',
    'https://evil.example/https://www.muster.de',
    'https://www.muster.de@evil.example/',
    'https://anna@www.muster.de/',
    'http://www.muster.de/danke',
    'javascript:alert(1)',
    '/danke',
  ])('does not lead to %s', (address) => {
    expect(pageOnSites(address, sites)).toBe(undefined);
  });
});
