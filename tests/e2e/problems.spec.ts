import { expect, test } from '@playwright/test';
import { baseUrl } from '#tests/support/e2e.ts';
import { formVersion, stranger } from './visit.ts';

const invented = 'A'.repeat(43);

test.describe('addresses that lead nowhere', () => {
  for (const path of [
    '/nothing',
    '/f/nothing',
    '/f/nothing/sent',
    `/confirm/${invented}`,
    '/confirm/x',
    '/p/x',
    '/u/x',
  ]) {
    test(`${path} is a page with 404`, async ({ page }) => {
      const answer = await page.goto(`${path}?lang=en`);
      expect(answer?.status()).toBe(404);
      await expect(page.locator('h1')).toHaveText('This page does not exist');
      await page.click('a[hreflang=de]');
      await expect(page.locator('h1')).toHaveText('Diese Seite gibt es nicht');
    });
  }

  for (const path of ['/f/%E0%A4%A', '/%', '/p/%ff', '/f/%00', '/f/a%2fb', '/f/%25%32%35']) {
    test(`${path} is a page with 404 or 400`, async ({ request }) => {
      const answer = await request.get(path);
      expect([400, 404]).toContain(answer.status());
      expect(await answer.text()).toContain('<h1>');
    });
  }
});

test.describe('bodies that are no form', () => {
  const type = 'application/x-www-form-urlencoded';
  const cases: [title: string, status: number, body: string, type: string][] = [
    ['broken percent-encoding', 400, 'email=%zz', type],
    ['what is not UTF-8', 400, 'email=%ff', type],
    ['a broken multipart body', 400, 'x', 'multipart/form-data; boundary=y'],
    ['100 kB', 413, 'x'.repeat(100_000), type],
    ['1 MB', 413, 'x'.repeat(1024 * 1024), type],
    ['more than the adapter takes', 413, 'x'.repeat(1_200_000), type],
    ['JSON', 415, '{}', 'application/json'],
    ['NUL in a field', 422, 'email=a%00b%40example.org', type],
    ['nothing', 422, '', type],
  ];
  for (const [title, status, data, contentType] of cases) {
    test(`${title}: ${status}`, async ({ request }) => {
      const answer = await request.post('/f/newsletter', { data, headers: { 'Content-Type': contentType } });
      expect(answer.status()).toBe(status);
      expect(await answer.text()).toContain('<h1>');
    });
  }

  test('other methods: 405, and OPTIONS says which', async ({ request }) => {
    expect((await request.put('/f/newsletter')).status()).toBe(405);
    expect((await request.delete('/p/x')).status()).toBe(405);
    expect((await request.fetch('/f/newsletter', { method: 'TRACE' })).status()).toBe(405);
    expect((await request.post('/preferences/sent')).headers().allow).toBe('GET, HEAD, OPTIONS');
    expect((await request.fetch('/f/newsletter', { method: 'OPTIONS' })).status()).toBe(204);
    expect((await request.head('/f/newsletter')).status()).toBe(200);
  });
});

test.describe('a foreign site', () => {
  test('cannot send the form, unless it may embed it', async ({ request }) => {
    const form = {
      email: stranger(),
      consent: 'product-news:email',
      form_version: await formVersion(request),
    };
    const from = (origin: string) =>
      request.post('/f/newsletter', { form, headers: { Origin: origin }, maxRedirects: 0 });
    expect((await from('https://evil.example')).status()).toBe(403);
    expect((await from('null')).status()).toBe(403);
    expect((await from('http://localhost:8080')).status()).toBe(303);
    expect((await from(baseUrl)).status()).toBe(303);
  });
});

test.describe('a mail provider', () => {
  test('gets a short text in either encoding, for links that we sign only', async ({ request }) => {
    const fields = { 'List-Unsubscribe': 'One-Click' };
    expect((await request.post('/u/x', { form: fields })).status()).toBe(404);
    expect((await request.post('/u/x', { multipart: fields })).status()).toBe(404);
  });
});

test.describe('every answer', () => {
  test('carries its security headers', async ({ request }) => {
    for (const path of ['/', '/f/newsletter', '/nothing', '/demo', '/preferences']) {
      const headers = (await request.get(path)).headers();
      expect(headers['content-security-policy'], path).toContain("default-src 'none'");
      expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options'], path).toBe('nosniff');
      expect(headers['permissions-policy'], path).toContain('camera=()');
      expect(headers['content-type'], path).toBe('text/html; charset=utf-8');
      expect(headers['set-cookie'], path).toBeUndefined();
    }
  });

  test('behind a link stays out of caches, indexes and referrers', async ({ request }) => {
    for (const path of [
      '/confirm/x',
      '/p/x',
      '/u/x',
      '/f/newsletter/sent',
      '/preferences/sent',
      '/demo/mailbox',
    ]) {
      const headers = (await request.get(path)).headers();
      expect(headers['cache-control'], path).toBe('no-store');
      expect(headers['referrer-policy'], path).toBe('no-referrer');
      expect(headers['x-robots-tag'], path).toContain('noindex');
    }
  });
});
