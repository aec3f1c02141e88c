import { expect, test } from '@playwright/test';
import { answered, confirmed, mailOf, standing, stranger } from './visit.ts';

test.use({ javaScriptEnabled: false, locale: 'de-DE' });

const both = ['product-news:email', 'event-invitations:email'];

test.describe('the preference centre', () => {
  test('shows three different things: yes, no and not stated', async ({ page }) => {
    const told = await confirmed(page, { email: stranger(), consents: ['product-news:email'] });
    await page.goto(told.links.manage ?? '');
    const yes = page.locator('fieldset[id="p:product-news:email"]');
    await expect(yes).toContainText('Ja seit');
    await expect(yes.locator('input[value=yes]')).toBeChecked();
    const unsaid = page.locator('fieldset[id="p:partner-offers:email"]');
    await expect(unsaid).toContainText('keine Angabe');
    await expect(unsaid.locator('input:checked')).toHaveCount(0);
    await expect(page.locator('.owner')).toContainText('an••@example.org');
  });

  test('withdraws everything by its first button, at once', async ({ page }) => {
    const email = stranger();
    const told = await confirmed(page, { email, consents: both });
    await page.goto(told.links.manage ?? '');
    await expect(page.locator('main button').first()).toHaveText('Alles abbestellen');
    await page.click('text=Alles abbestellen');
    await expect(page.getByRole('status')).toContainText('Sie haben alles abbestellt');
    expect(await standing(email)).toEqual({
      'product-news:email': 'withdrawn',
      'event-invitations:email': 'withdrawn',
    });
    await expect(page.locator('button[value=withdraw-all]')).toHaveCount(0);
  });

  test('ends all earlier links by a button of a fresh page, and goes on under a new one', async ({
    page,
  }) => {
    const told = await confirmed(page, { email: stranger(), consents: both });
    const mailed = told.links.manage ?? '';
    await page.goto(mailed);
    await page.click('button[value=revoke-links]');
    await expect(page.getByRole('status')).toContainText('sind ungültig');
    expect(new URL(page.url()).pathname).not.toBe(mailed);
    await expect(page.getByRole('heading', { name: 'Ihre Daten', exact: true })).toBeVisible();
    expect((await page.goto(mailed))?.status()).toBe(410);
    const unsubscribe = await page.goto(told.links.unsubscribe ?? '');
    expect(unsubscribe?.status()).toBe(200);
  });

  test('makes both ways equally large', async ({ page }) => {
    const told = await confirmed(page, { email: stranger(), consents: both });
    await page.goto(told.links.manage ?? '');
    const size = async (name: string) => {
      const box = await page.getByRole('button', { name }).boundingBox();
      return { width: box?.width, height: box?.height };
    };
    expect(await size('Alles abbestellen')).toEqual(await size('Änderungen speichern'));
  });

  test('lets a new yes wait for its own confirmation', async ({ page }) => {
    const email = stranger();
    const told = await confirmed(page, { email, consents: ['product-news:email'] });
    await page.goto(told.links.manage ?? '');
    await page.check('input[name="p:event-invitations:email"][value=yes]');
    await page.click('text=Änderungen speichern');
    await expect(page.getByRole('status')).toContainText('wartet auf Ihre Bestätigung');
    expect(await standing(email)).toMatchObject({ 'event-invitations:email': 'pending' });
    const row = page.locator('fieldset[id="p:event-invitations:email"]');
    await expect(row).toContainText('wartet auf Ihre Bestätigung');
    await expect(row.locator('input:checked')).toHaveCount(0);
    await answered(page, () => page.click('text=Änderungen speichern'));
    await expect(page.getByRole('status')).toContainText('Es gab nichts zu ändern');
    expect(await standing(email)).toMatchObject({ 'event-invitations:email': 'pending' });

    const asked = await mailOf(email, 'confirm-signup', 2);
    await page.goto(asked.links.confirm ?? '');
    await answered(page, () => page.click('button[value=confirm]'));
    expect(await standing(email)).toMatchObject({ 'event-invitations:email': 'granted' });
  });

  test('says that a number was not checked by confirming a mail', async ({ page }) => {
    const told = await confirmed(page, {
      email: stranger(),
      form: 'fair',
      consents: ['event-invitations:phone'],
      fields: { phone: '030 1234567' },
    });
    await page.goto(told.links.manage ?? '');
    await expect(page.locator('fieldset[id="p:event-invitations:phone"]')).toContainText('nicht geprüft');
  });

  test('shows history and own data while the link is fresh', async ({ page }) => {
    const email = stranger();
    const told = await confirmed(page, { email, consents: ['product-news:email'] });
    await page.goto(told.links.manage ?? '');
    await expect(page.getByRole('heading', { name: 'Verlauf' })).toBeVisible();
    await expect(page.locator('main')).toContainText(email);
    await expect(page.locator('.history li')).toHaveCount(2);
  });

  test('refuses what it cannot read and keeps the choice', async ({ page }) => {
    const email = stranger();
    const told = await confirmed(page, { email, consents: ['product-news:email'] });
    const unreadable: Record<string, string>[] = [
      { 'p:product-news:email': 'maybe' },
      { 'p:no-such-thing:email': 'yes' },
      { 'p:product-news:pigeon': 'yes' },
      { 'p:product-news:post': 'yes' },
    ];
    for (const form of unreadable) {
      const answer = await page.request.post(told.links.manage ?? '', { form, maxRedirects: 0 });
      expect(answer.status(), JSON.stringify(form)).toBe(422);
    }
    expect((await page.request.post(told.links.manage ?? '', { form: { action: 'dance' } })).status()).toBe(
      422,
    );
    expect(await standing(email)).toEqual({ 'product-news:email': 'granted' });
  });

  test('is reached through one’s own address, with the same answer for everyone', async ({ page }) => {
    const known = stranger('known');
    await confirmed(page, { email: known, consents: ['product-news:email'] });
    const pages: string[] = [];
    for (const email of [known, stranger('unknown')]) {
      await page.goto('/preferences');
      await page.fill('#email', email);
      await page.click('#submit');
      await expect(page).toHaveURL(/\/preferences\/sent$/);
      pages.push(await page.content());
    }
    expect(pages[1]).toBe(pages[0]);
    const { links } = await mailOf(known, 'manage-link');
    await page.goto(links.manage ?? '');
    await expect(page.locator('h1')).toContainText('Ihre Einwilligungen');
  });
});
