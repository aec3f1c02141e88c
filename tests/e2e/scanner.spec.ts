import { expect, test } from '@playwright/test';
import { confirmed, fillIn, mailOf, standing, stranger } from './visit.ts';

test.describe('a scanner that runs scripts', () => {
  test('opens every link of a mail, and every link behind it, and changes nothing', async ({ page }) => {
    test.slow();
    const email = stranger('scanned');
    const told = await confirmed(page, { email, consents: ['product-news:email'] });
    await fillIn(page, { email, consents: ['event-invitations:email'] });
    const asked = await mailOf(email, 'confirm-signup', 2);
    const before = await standing(email);
    expect(before).toEqual({ 'product-news:email': 'granted', 'event-invitations:email': 'pending' });

    for (const mail of [told, asked]) {
      for (const link of Object.values(mail.links).filter((found) => found !== undefined)) {
        await page.goto(link);
        await page.waitForTimeout(1500);
        const hrefs = await page
          .locator('a[href]')
          .evaluateAll((links) => links.map((a) => a.getAttribute('href')));
        for (const href of hrefs.filter((href) => href?.startsWith('/'))) {
          await page.request.get(href ?? '');
          await page.request.head(href ?? '');
        }
        for (const method of ['HEAD', 'OPTIONS']) await page.request.fetch(link, { method });
      }
    }
    expect(await standing(email)).toEqual(before);
  });
});
