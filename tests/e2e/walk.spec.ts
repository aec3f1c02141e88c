import { expect, test } from '@playwright/test';
import { confirmed, fillIn, mailOf, standing, stranger } from './visit.ts';

test.use({ javaScriptEnabled: false, locale: 'de-DE' });

test.describe('the way of a consent, without JavaScript', () => {
  test('leads from the form over the mail to the yes, and back out', async ({ page, context }) => {
    const email = stranger();
    await fillIn(page, { email, consents: ['product-news:email', 'event-invitations:email'] });
    await expect(page).toHaveURL(/\/f\/newsletter\/sent\?s=[\w-]+$/);
    await expect(page.locator('main')).toContainText(email);
    expect(await standing(email)).toEqual({
      'product-news:email': 'pending',
      'event-invitations:email': 'pending',
    });

    const asked = await mailOf(email, 'confirm-signup');
    for (let visit = 0; visit < 2; visit += 1) await page.goto(asked.links.confirm ?? '');
    expect(await standing(email)).toMatchObject({ 'product-news:email': 'pending' });
    await page.click('text=Ja, Einwilligung bestätigen');
    await expect(page.locator('h1')).toHaveText('Ihre Einwilligung ist bestätigt');
    expect(page.url()).toContain(asked.links.confirm);
    expect(await standing(email)).toEqual({
      'product-news:email': 'granted',
      'event-invitations:email': 'granted',
    });

    const told = await mailOf(email, 'permissions-changed');
    await page.goto(told.links.manage ?? '');
    await page.check('input[name="p:product-news:email"][value=no]');
    await page.click('text=Änderungen speichern');
    await expect(page.getByRole('status')).toContainText(
      'Neuigkeiten zu Werkzeugen (E-Mail): ab sofort Nein.',
    );
    expect(await standing(email)).toEqual({
      'product-news:email': 'withdrawn',
      'event-invitations:email': 'granted',
    });

    const oneClick = await page.request.post(told.links.unsubscribe ?? '', {
      form: { 'List-Unsubscribe': 'One-Click' },
      headers: { Origin: 'https://mail.example' },
      maxRedirects: 0,
    });
    expect(oneClick.status()).toBe(200);
    expect(oneClick.headers()['set-cookie']).toBeUndefined();
    expect(await standing(email)).toEqual({
      'product-news:email': 'withdrawn',
      'event-invitations:email': 'withdrawn',
    });
    expect(await context.cookies()).toEqual([]);
  });

  test('is shorter with the code of the mail', async ({ page }) => {
    const email = stranger();
    await fillIn(page, { email, consents: ['product-news:email'] });
    const { code } = await mailOf(email, 'confirm-signup');
    await page.fill('#code', code === '000000' ? '000001' : '000000');
    await page.click('text=Mit Code bestätigen');
    await expect(page).toHaveTitle(/^Fehler: /);
    await expect(page.locator('#code-error')).toContainText('Dieser Code stimmt nicht');
    await page.fill('#code', `${code?.slice(0, 3)} ${code?.slice(3)}`);
    await page.click('text=Mit Code bestätigen');
    await expect(page.locator('h1')).toHaveText('Ihre Einwilligung ist bestätigt');
    expect(await standing(email)).toEqual({ 'product-news:email': 'granted' });
  });

  test('ends where somebody says that it was not them', async ({ page }) => {
    const email = stranger('victim');
    await fillIn(page, { email, consents: ['product-news:email'] });
    const { links } = await mailOf(email, 'confirm-signup');
    await page.goto(links.confirm ?? '');
    await page.click('text=Das war ich nicht');
    await expect(page.locator('h1')).toHaveText('Danke, wir haben es vermerkt');
    expect(Object.values(await standing(email))).not.toContain('granted');
    await page.goto(links.confirm ?? '');
    await expect(page.locator('button[value=confirm]')).toHaveCount(0);
  });

  test('can be taken back by one button of the unsubscribe page', async ({ page }) => {
    const email = stranger();
    const told = await confirmed(page, { email, consents: ['product-news:email'] });
    await page.goto(told.links.unsubscribe ?? '');
    await expect(page.locator('main')).toContainText('Neuigkeiten zu Werkzeugen (E-Mail)');
    expect(await standing(email)).toEqual({ 'product-news:email': 'granted' });
    await page.click('text=Jetzt abmelden');
    await expect(page.locator('h1')).toHaveText('Sie sind abgemeldet');
    await expect(page.locator('main')).toContainText('Neuigkeiten zu Werkzeugen (E-Mail)');
    expect(await standing(email)).toEqual({ 'product-news:email': 'withdrawn' });
    await page.goto(told.links.unsubscribe ?? '');
    await expect(page.locator('h1')).toHaveText('Sie sind abgemeldet');
  });

  test('works by keyboard alone', async ({ page }) => {
    const email = stranger();
    await page.goto('/f/newsletter?lang=de');
    const press = async (until: string) => {
      for (let step = 0; step < 30; step += 1) {
        await page.keyboard.press('Tab');
        if (await page.locator(until).evaluate((element) => element === document.activeElement)) return;
      }
      throw new Error(`no way to ${until} by Tab`);
    };
    await press('#email');
    await page.keyboard.type(email);
    await press('#consent-0');
    await page.keyboard.press('Space');
    await press('#submit');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/sent\?s=/);
    const { links } = await mailOf(email, 'confirm-signup');
    await page.goto(links.confirm ?? '');
    await press('button[value=confirm]');
    await page.keyboard.press('Enter');
    await expect(page.locator('h1')).toHaveText('Ihre Einwilligung ist bestätigt');
    expect(await standing(email)).toEqual({ 'product-news:email': 'granted' });
  });
});
