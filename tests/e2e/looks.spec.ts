import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { screenNames } from '#src/pages/demo/screens/_names.ts';
import { baseUrl } from '#tests/support/e2e.ts';
import { axeFindings } from './axe.ts';
import { confirmed, stranger, unfold } from './visit.ts';

const screens = [
  '/',
  '/demo',
  '/demo/desk',
  '/demo/screens',
  '/demo/mailbox',
  '/f/newsletter',
  ...screenNames.map((name) => `/demo/screens/${name}`),
];

const locales = ['de', 'en'];

test.describe('axe finds nothing', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  for (const path of screens) {
    test(`on ${path} in both languages, light and dark`, async ({ page }) => {
      for (const locale of locales) {
        await page.goto(`${path}?lang=${locale}`);
        await unfold(page);
        await page.emulateMedia({ colorScheme: 'light' });
        expect(await axeFindings(page), `${locale}, light`).toEqual([]);
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await axeFindings(page, { rules: ['color-contrast'] }), `${locale}, dark`).toEqual([]);
      }
    });
  }
});

test.describe('at 320 pixels', () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test('no page needs scrolling sideways', async ({ page }) => {
    test.slow();
    for (const path of screens) {
      for (const locale of locales) {
        await page.goto(`${path}?lang=${locale}`);
        await unfold(page);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width, `${path} in ${locale}`).toBeLessThanOrEqual(320);
      }
    }
  });

  test('every target is 44 pixels high', async ({ page }) => {
    for (const name of ['form', 'sent', 'confirm', 'preferences', 'unsubscribe']) {
      await page.goto(`/demo/screens/${name}?lang=de`);
      const targets = page.locator(
        'main button, main .box label, main .choice label, main .field input, main summary',
      );
      for (const target of await targets.all()) {
        const box = await target.boundingBox();
        expect(box?.height, `${name}: ${await target.textContent()}`).toBeGreaterThanOrEqual(43.9);
      }
    }
  });
});

test.describe('pages for people', () => {
  test('run no script, set no cookie and ask nobody else', async ({ page, context }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const told = await confirmed(page, { email: stranger(), consents: ['product-news:email'] });
    const { manage = '', unsubscribe = '' } = told.links;
    for (const path of ['/', '/f/fair', '/preferences', manage, unsubscribe, '/nothing']) {
      await page.goto(path);
      await expect(page.locator('script')).toHaveCount(0);
    }
    expect(asked.filter((url) => !url.startsWith(baseUrl))).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  });

  test('weigh less than 15 kB with their style, compressed', async ({ request }) => {
    for (const form of ['newsletter', 'fair']) {
      const html = await (await request.get(`/f/${form}`)).text();
      const styles = [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(
        ([, href]) => href ?? '',
      );
      const sheets = await Promise.all(styles.map(async (href) => (await request.get(href)).text()));
      const bytes = [html, ...sheets].reduce((sum, text) => sum + gzipSync(text).length, 0);
      expect(bytes).toBeLessThan(15_000);
    }
  });
});
