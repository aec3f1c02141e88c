import { expect, test } from '@playwright/test';
import { axeFindings } from './axe.ts';
import { demoPassword, signedInAs, typeIn } from './staff-visit.ts';
import { confirmed, stranger } from './visit.ts';

const shownOf = async (text: string) => Number(/Formular gezeigt,(\d+)/.exec(text)?.[1] ?? 0);

test('what people do with a form can be read at the desk at once, in chart, table and file', async ({
  browser,
  page,
}) => {
  test.setTimeout(90_000);
  const desk = await signedInAs(browser, 'marketing@example.org', demoPassword);
  const source = `brief-${Date.now().toString(36)}`;
  const query = `lang=de&source=${source}`;
  await confirmed(page, { email: stranger(), consents: ['product-news:email'], query });

  await desk.goto('/staff/figures');
  await desk.selectOption('#form', 'newsletter');
  await desk.selectOption('#span', 'week');
  await desk.getByRole('button', { name: 'Anzeigen' }).click();
  await desk.selectOption('#source', source);
  await desk.getByRole('button', { name: 'Anzeigen' }).click();
  await expect(desk.locator('#funnel ~ .says')).toContainText('Eine von einer Anfrage');
  const row = (name: string) =>
    desk.locator('section:has(#funnel) tr', { hasText: name }).locator('td').first();
  for (const step of ['Abgeschickt', 'E-Mail angenommen', 'Link geöffnet', 'Bestätigt'])
    await expect(row(step)).toHaveText('1');

  const file = desk.locator('a[href*="funnel.csv"]');
  const answer = await desk.request.get((await file.getAttribute('href')) ?? '');
  expect(answer.headers()['content-type']).toContain('text/csv');
  const csv = await answer.text();
  expect(csv).toContain('Bestätigt,1,100 %,100 %,0');
  expect(await shownOf(csv)).toBeGreaterThan(0);

  await desk.goto('/staff/forms/newsletter');
  await desk
    .getByRole('navigation', { name: 'Seiten dieses Formulars' })
    .getByRole('link', { name: 'Zahlen' })
    .click();
  await expect(desk.locator('section:has(#pages)')).toContainText('Eigene Seite des Formulars');
  expect(await desk.locator('main').textContent()).not.toMatch(/@/);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the figures pass axe and fit 320 pixels, ${colorScheme}`, async ({ browser }) => {
    test.setTimeout(90_000);
    const viewport = { width: 320, height: 800 };
    const context = await browser.newContext({ locale: 'de-DE', colorScheme, viewport });
    const page = await context.newPage();
    await typeIn(page, 'auditor@example.org', demoPassword);
    await page.waitForURL('**/staff');
    for (const one of ['/staff/figures?span=year', '/staff/forms/newsletter/figures?lang=en']) {
      await page.goto(one);
      expect(await axeFindings(page), one).toEqual([]);
      const over = await page.evaluate(
        () => document.body.scrollWidth - document.documentElement.clientWidth,
      );
      expect(over, one).toBeLessThanOrEqual(0);
    }
  });
}
