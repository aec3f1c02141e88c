import { expect, type Page, test } from '@playwright/test';
import { baseUrl } from '#tests/support/e2e.ts';
import { mailOf, stranger } from './visit.ts';

test.use({ locale: 'de-DE' });

const allowed = 'http://localhost:8080';

/** A page of another site that shows the form in a frame. */
async function host(page: Page, origin: string): Promise<void> {
  // The browser takes a page that the test makes up for one from the internet, and asks before such a page
  // may reach this machine.
  await page.context().grantPermissions(['local-network-access']);
  const frame = `<iframe title="Newsletter" width="600" height="900" src="${baseUrl}/f/newsletter?embed=1&lang=de"></iframe>`;
  await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body: frame }));
  await page.goto(`${origin}/page`);
}

test.describe('the frame variant', () => {
  test('stays in the frame from the form to the inbox', async ({ page }) => {
    await host(page, allowed);
    const frame = page.frameLocator('iframe');
    await expect(frame.locator('header, footer')).toHaveCount(0);
    await frame.locator('#submit').click();
    await expect(frame.getByRole('alert')).toBeVisible();
    await expect(frame.locator('header, footer')).toHaveCount(0);
    const email = stranger('embedded');
    await frame.locator('#email').fill(email);
    await frame.locator('#consent-0').check();
    await frame.locator('#submit').click();
    await expect(frame.locator('h1')).toContainText('Bitte prüfen Sie Ihr Postfach');
    await expect(frame.locator('header, footer')).toHaveCount(0);
    const { code } = await mailOf(email, 'confirm-signup');
    await frame.locator('#code').fill(code ?? '');
    await frame.getByRole('button', { name: 'Mit Code bestätigen' }).click();
    await expect(frame.locator('h1')).toHaveText('Ihre Einwilligung ist bestätigt');
  });

  test('shows itself to the sites of the form only', async ({ page, request }) => {
    await host(page, 'http://localhost:8099');
    await expect(page.frameLocator('iframe').locator('#email')).toHaveCount(0);
    const headers = (await request.get('/f/newsletter?embed=1')).headers();
    expect(headers['content-security-policy']).toContain(
      'frame-ancestors http://localhost:8080 http://127.0.0.1:8080',
    );
    expect(headers['x-frame-options']).toBeUndefined();
    const plain = (await request.get('/f/newsletter')).headers();
    expect(plain['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(plain['x-frame-options']).toBe('DENY');
  });
});
