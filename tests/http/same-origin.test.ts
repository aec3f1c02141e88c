import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayPost } from '#src/http/same-origin.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp('sqlite', { baseUrl: 'https://consent.example.com' });
});
afterAll(() => test.close());

const own = 'https://consent.example.com';
const foreign = 'https://elsewhere.example';
const embedding = 'http://localhost:8080';

describe('mayPost', () => {
  it.each([
    ['/f/newsletter', {}, 'who sends no origin is no browser'],
    ['/f/newsletter', { origin: own }, 'our own page'],
    ['/f/newsletter', { origin: own, 'sec-fetch-site': 'same-origin' }, 'our own page'],
    ['/f/newsletter', { origin: 'http://10.0.0.1' }, 'the address that the browser itself used'],
    ['/f/newsletter', { origin: embedding, 'sec-fetch-site': 'cross-site' }, 'a site that may embed it'],
    ['/u/link', { origin: foreign, 'sec-fetch-site': 'cross-site' }, 'a mail provider'],
    ['/u/link', { origin: 'null' }, 'a mail provider'],
    [
      '/confirm/token',
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      'pages without referrer say null',
    ],
    ['/confirm/token', { origin: 'null' }, 'so do those of older browsers'],
    ['/p/link', { origin: 'null' }, 'so do those of older browsers'],
    ['/f/newsletter/sent', { origin: 'null' }, 'so do those of older browsers'],
  ] as [string, Record<string, string>, string][])('lets %s be asked with %j: %s', async (path, headers) => {
    expect(await mayPost(test.app, post(path, headers))).toBe(true);
  });

  it.each([
    ['/f/newsletter', { origin: foreign }],
    ['/f/newsletter', { origin: foreign, 'sec-fetch-site': 'cross-site' }],
    ['/f/newsletter', { origin: own, 'sec-fetch-site': 'cross-site' }],
    ['/f/newsletter', { origin: 'null' }],
    ['/f/newsletter', { 'sec-fetch-site': 'cross-site' }],
    ['/f/unknown', { origin: embedding }],
    ['/f/%00', { origin: embedding }],
    ['/f/newsletter/sent', { origin: embedding }],
    ['/confirm/token', { origin: foreign }],
    ['/confirm/token', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['/p/link', { origin: 'https://x.consent.example.com', 'sec-fetch-site': 'same-site' }],
    ['/preferences', { origin: foreign }],
    ['/staff/u/x', { origin: foreign }],
  ] as [string, Record<string, string>][])('refuses %s with %j', async (path, headers) => {
    expect(await mayPost(test.app, post(path, headers))).toBe(false);
  });
});

function post(path: string, headers: Record<string, string>): Request {
  return new Request(`http://10.0.0.1${path}`, { method: 'POST', headers });
}
