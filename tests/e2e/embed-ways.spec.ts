import { expect, type Page, test } from '@playwright/test';
import { baseUrl } from '#tests/support/e2e.ts';
import { evidenceOf, openHostSite, shownWording, signUpIn, type Way } from './embed-host.ts';
import type { HostSite } from './host-site/serve.ts';
import { mailOf, standing, stranger } from './visit.ts';

// One site for the whole file.
test.describe.configure({ mode: 'default' });
test.use({ locale: 'de-DE' });

let site: HostSite;
test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: baseUrl });
  site = await openHostSite(request);
  await request.dispose();
});
test.afterAll(() => site.close());

const widths = { narrow: { width: 320, height: 640 }, wide: { width: 1280, height: 800 } };

for (const way of ['link', 'iframe', 'element', 'headless'] as const) {
  for (const [name, viewport] of Object.entries(widths)) {
    test(`${way} leads to a proved yes, ${name}`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await signUpAndConfirm(page, way, `${site.origin}/${way}`);
    });
  }
}

for (const way of ['iframe', 'element', 'headless'] as const) {
  test(`${way} leads to a proved yes on a page with a strict policy`, async ({ page }) => {
    await signUpAndConfirm(page, way, `${site.origin}/strict/${way}`);
  });
}

for (const [name, viewport] of Object.entries(widths)) {
  test.describe(`without JavaScript, ${name}`, () => {
    test.use({ javaScriptEnabled: false, viewport });

    for (const way of ['iframe', 'link'] as const) {
      test(`${way} leads to a proved yes`, async ({ page }) => {
        await signUpAndConfirm(page, way, `${site.origin}/${way}`);
      });
    }

    test('the element shows its link', async ({ page }) => {
      await page.goto(`${site.origin}/element`);
      await page.getByRole('link', { name: /Newsletter/ }).click();
      await signUpIn(page, stranger('link'));
    });
  });
}

test('all four stand side by side', async ({ page }) => {
  await page.goto(`${site.origin}/all`);
  await expect(page.frameLocator('iframe[data-jawort-form]').locator('#email')).toBeVisible();
  await expect(page.frameLocator('jawort-form iframe').locator('#email')).toBeVisible();
  await expect(page.locator('#own')).toBeVisible();
});

async function signUpAndConfirm(page: Page, way: Way, address: string): Promise<void> {
  const email = stranger(way);
  await page.goto(address);
  if (way === 'headless') {
    await page.fill('[name=email]', email);
    await page.check('[value="product-news:email"]');
    await page.click('#own button');
    await expect(page.locator('#answer')).toHaveText('202 confirmation_sent');
  } else if (way === 'link') {
    await page.getByRole('link', { name: /Newsletter/ }).click();
    await signUpIn(page, email);
  } else {
    await signUpIn(page.frameLocator('iframe'), email);
  }
  const { links, text } = await mailOf(email, 'confirm-signup');
  // The mail names the site on which the person saw the form; the link led them to ours.
  const seenOn = new URL(way === 'link' ? baseUrl : address).host;
  expect(text.replace(/\s+/g, ' ')).toContain(
    `auf ${seenOn} (Formular „Newsletter der Muster Werkzeuge GmbH“)`,
  );
  await page.goto(`${baseUrl}${links.confirm}?lang=de`);
  await page.click('button[value=confirm]');
  await mailOf(email, 'permissions-changed');
  expect(await standing(email)).toMatchObject({ 'product-news:email': 'granted' });
  const asked = (await evidenceOf(email)).find(({ act }) => act === 'request');
  expect(asked?.page_url).toBe(way === 'link' ? `${baseUrl}/f/newsletter` : address);
  expect(asked?.consents.map(({ wording }) => wording)).toEqual([shownWording]);
}
