import { globSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { transform } from 'esbuild';
import { baseUrl } from '#tests/support/e2e.ts';
import { axeFindings } from './axe.ts';
import { allowSite } from './embed-host.ts';
import { type HostSite, serveHostSite } from './host-site/serve.ts';
import { newMember, signedInAs } from './staff-visit.ts';

const slugs = globSync('src/docs/**/*.md')
  .map((path) => path.slice('src/docs/'.length).replace(/(\.de)?\.md$/, ''))
  .filter((slug) => !slug.startsWith('decisions/'));
const pages = ['/docs', ...new Set(slugs.map((slug) => `/docs/${slug}`))];

test.describe('the documentation', () => {
  for (const path of pages) {
    test(`${path} can be read by everybody, everywhere`, async ({ page }) => {
      for (const [width, colorScheme, lang] of [
        [1280, 'light', 'en'],
        [390, 'dark', 'de'],
        [320, 'light', 'en'],
      ] as const) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        const problems: string[] = [];
        page.on('console', (message) => problems.push(message.text()));
        const answer = await page.goto(`${path}?lang=${lang}`);
        expect(answer?.status()).toBe(200);
        expect(answer?.headers()['set-cookie']).toBeUndefined();
        expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
        await expect(page.locator('h1')).toHaveCount(1);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${width}`).toBeLessThanOrEqual(0);
        if (width !== 320) expect(await axeFindings(page)).toEqual([]);
        expect(problems).toEqual([]);
      }
      expect(await page.locator('script').count()).toBe(0);
    });
  }

  test('is in the language of the reader where it is written in it, else in English', async ({ page }) => {
    await page.goto('/docs/people?lang=de');
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await page.getByRole('link', { name: 'English' }).click();
    await expect(page.locator('h1')).toHaveText('What is this page?');
    await page.goto('/docs/operators?lang=de');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });

  test('finds headings and words without a script', async ({ page }) => {
    await page.goto('/docs?lang=en');
    await page.getByRole('searchbox').fill('verify signature');
    await page.getByRole('button', { name: 'Search' }).click();
    const found = page.locator('.found');
    await expect(found.locator('> li').first()).toContainText('Webhooks');
    await found.getByRole('link', { name: 'Verify the signature' }).click();
    await expect(page).toHaveURL(/\/docs\/webhooks\?lang=en#verify-the-signature$/);
    await page.goto('/docs?lang=en&q=%3Cb%3Enothing');
    await expect(page.locator('#found')).toHaveText('Nothing found for “<b>nothing”');
  });

  test('has no page that nobody wrote, and takes no post', async ({ request }) => {
    expect((await request.get('/docs/nothing')).status()).toBe(404);
    expect((await request.get('/docs/people.de')).status()).toBe(404);
    expect((await request.post('/docs', { form: { q: 'x' } })).status()).toBe(405);
  });

  test('is a step away from people, desks and the API', async ({ browser, page, request }) => {
    await page.goto('/f/newsletter?lang=en');
    await page.getByRole('link', { name: 'What is this page?' }).click();
    await expect(page).toHaveURL(/\/docs\/people\?lang=en$/);
    expect(await (await request.get('/api/v1/docs')).text()).toContain('href="/docs/developers"');
    const desk = await signedInAs(browser, await newMember('marketing'));
    await desk.goto('/staff');
    await expect(desk.locator('a[href^="/docs"]')).not.toHaveCount(0);
    await desk.context().close();
  });
});

test.describe('what a marketer copies out of the guide', () => {
  test.describe.configure({ mode: 'default' });
  let site: HostSite;
  test.afterAll(() => site.close());

  test.beforeAll(async ({ browser }) => {
    const page = await browser.newPage({ baseURL: baseUrl });
    await page.goto('/docs/marketers?lang=en');
    const copied = async (index: number, language = 'html') =>
      (await page.locator(`pre.language-${language}`).nth(index).textContent()) ?? '';
    const [element, frame, link, events] = [
      await copied(0),
      await copied(1),
      await copied(2),
      await copied(3),
    ];
    const react = await rendered(await copied(0, 'jsx'));
    site = await serveHostSite(
      {
        '/element': { body: `${events}\n${element}` },
        '/frame': { body: frame },
        '/link': { body: link },
        '/react': { body: `<div id="root"></div><script type="module">${react}</script>` },
        '/astro': { body: (await copied(0, 'astro')).replace('is:inline ', '') },
      },
      '',
    );
    await allowSite(site.origin);
    await page.close();
  });

  for (const way of ['element', 'react', 'astro']) {
    test(`${way} shows the form with its words`, async ({ page }) => {
      await page.goto(`${site.origin}/${way}`);
      await expectForm(page, 'jawort-form iframe');
    });
  }

  test('the frame shows it without any script', async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${site.origin}/frame`);
    await expectForm(page, 'iframe');
    await context.close();
  });

  test('the link leads to it', async ({ page }) => {
    await page.goto(`${site.origin}/link`);
    await page.getByRole('link').click();
    await expect(page.locator('#email')).toBeVisible();
  });

  test('the events come', async ({ page }) => {
    const ready = page.waitForEvent('console', (message) => message.text().startsWith('jawort-ready'));
    await page.goto(`${site.origin}/element`);
    await ready;
  });
});

async function expectForm(page: Page, frame: string): Promise<void> {
  await expect(page.frameLocator(frame).locator('#email')).toBeVisible();
  await expect(page.frameLocator(frame).locator('input[name="consent"]').first()).not.toBeChecked();
}

/** The component of the guide, rendered by what it needs of React: elements and one effect. */
async function rendered(component: string): Promise<string> {
  const own = `const useEffect = (run) => run();
    const h = (name, props, ...children) => {
      const element = document.createElement(name);
      const { style, ...attributes } = props ?? {};
      Object.assign(element.style, style);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      element.append(...children);
      return element;
    };`;
  const source = component.replace("import { useEffect } from 'react';", own);
  const { code } = await transform(source, { loader: 'jsx', jsx: 'transform', jsxFactory: 'h' });
  return `${code.replace('export ', '')}\ndocument.getElementById('root').append(SignupForm());`;
}
