import { expect, type Page, test } from '@playwright/test';
import { baseUrl } from '#tests/support/e2e.ts';
import { axeFindings } from './axe.ts';
import { evidenceOf, shownWording, signUpIn } from './embed-host.ts';
import { serveHostSite } from './host-site/serve.ts';
import { newMember, signedInAs, typeIn } from './staff-visit.ts';
import { mailOf, standing, stranger, withServerState } from './visit.ts';

test.describe.configure({ mode: 'default' });
test.use({ locale: 'de-DE' });

/** From nothing to a published form, without a script. */
async function publishFrom(page: Page, key: string, site: string): Promise<void> {
  await page.goto('/staff/forms');
  await page.getByRole('link', { name: 'Neues Formular' }).click();
  await page.fill('#key', key);
  await page.getByRole('button', { name: 'Formular anlegen' }).click();
  await expect(page.getByRole('status').first()).toContainText('Niemand sieht es');
  await page.check('input[name=add][value="event-invitations:email"]');
  await page.check('input[name=add][value="product-news:email"]');
  await page.fill('#heading_de', 'Werkzeugpost');
  await page.fill('#intro_de', 'Die Muster Werkzeuge GmbH schreibt Ihnen per E-Mail.');
  await page.fill('#thanks_de', 'Schön, dass Sie dabei sind.');
  await page.fill('#sites', `${site}/seite`);
  await page.fill('#thanks_address', 'https://evil.example/');
  await page.fill('#source', 'werkstatt');
  await page.locator('summary', { hasText: 'Farben' }).click();
  await page.fill('[id="light.accent"]', '#eeee00');
  await page.getByRole('button', { name: 'Veröffentlichen' }).click();
  const faults = page.getByRole('alert');
  await expect(faults).toContainText('Überschrift (Englisch): Bitte ausfüllen.');
  await expect(faults).toContainText(`nennt mehr als die Seite`);
  await expect(faults).toContainText(`Gemeint ist wohl ${site}.`);
  await expect(faults).toContainText('auf keiner der erlaubten Seiten');
  await expect(faults).toContainText('Hell: Akzent auf Grund hebt sich nur');
  // Nothing is lost, and nothing is out.
  await expect(page.locator('#heading_de')).toHaveValue('Werkzeugpost');
  expect((await page.request.get(`/f/${key}`)).status()).toBe(404);
  await page
    .getByRole('button', { name: 'Einladungen zu Vorführungen und Messen, E-Mail nach oben' })
    .click();
  await expect(page.locator('.chosen .name').first()).toContainText('Einladungen');
  await page.uncheck('input[name=locale][value=en]');
  await page.fill('#sites', site);
  await page.fill('#thanks_address', `${site}/danke`);
  await page.fill('[id="light.accent"]', '#003366');
  await page.getByRole('button', { name: 'Veröffentlichen' }).click();
  await expect(page.getByRole('status').first()).toContainText('Veröffentlicht');
}

test('marketing makes a form without a script, and it is signed up through on a site of another origin', async ({
  browser,
  page,
}) => {
  test.slow();
  const key = `werkzeugpost-${process.pid}`;
  const pages: Record<string, { body: string }> = {};
  const site = await serveHostSite(pages, '');
  const desk = await signedInAs(browser, await newMember('marketing'));
  await publishFrom(desk, key, site.origin);
  await desk.getByRole('link', { name: 'Einbauen' }).click();
  pages['/seite'] = { body: await desk.inputValue('#snippet-iframe') };

  await page.goto(`${site.origin}/seite`);
  const frame = page.frameLocator('iframe');
  const email = stranger('werkstatt');
  // The look that was chosen, in the frame of another site.
  const button = frame.locator('#submit');
  await expect(button).toHaveCSS('background-color', 'rgb(0, 51, 102)');
  await signUpIn(frame, email);
  await expect(frame.getByText('Schön, dass Sie dabei sind.')).toBeVisible();
  const onward = frame.getByRole('link', { name: /^Weiter zu/ });
  await expect(onward).toHaveAttribute('href', `${site.origin}/danke`);
  const { links } = await mailOf(email, 'confirm-signup');
  await page.goto(`${links.confirm}?lang=de`);
  await page.click('button[value=confirm]');
  expect(await standing(email)).toEqual({ 'product-news:email': 'granted' });
  const [request] = await evidenceOf(email);
  expect(JSON.stringify(request)).toContain(shownWording);
  expect(request).toMatchObject({ page_url: `${site.origin}/seite`, form: { key, version: 1 } });

  // What the page shows is what was frozen, to the letter.
  const frozen = await frozenHtml(key);
  const served = await (await page.request.get(`/f/${key}?lang=de`)).text();
  const parts =
    frozen.match(/<h1>.*?<\/h1>|<section class="purposes".*<\/section>|<p class="legal">.*?<\/p>/gs) ?? [];
  expect(parts.length).toBe(4);
  for (const part of parts) expect(served).toContain(part);
  await desk.goto(`/staff/forms/${key}/shown?version=1&lang=de`);
  await expect(desk.locator('[data-frozen] [data-consent-text]').last()).toHaveText(shownWording);

  // Without English there is nothing to switch to, and asking for it brings the form's own language.
  await page.goto(`/f/${key}?lang=en`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.locator('nav.language')).toHaveCount(0);

  await desk.goto(`/staff/forms/${key}`);
  await desk.getByRole('button', { name: 'Ins Archiv legen' }).click();
  const gone = await page.goto(`/f/${key}`);
  expect(gone?.status()).toBe(410);
  await expect(page.locator('main')).toContainText('gibt es nicht mehr');
  await desk.context().close();
  await site.close();
});

function frozenHtml(key: string): Promise<string> {
  return withServerState(async ({ db }) => {
    const page = await db
      .selectFrom('form_version_pages')
      .innerJoin('forms', 'forms.current_version_id', 'form_version_pages.version_id')
      .select('html')
      .where('forms.key', '=', key)
      .where('locale', '=', 'de')
      .executeTakeFirstOrThrow();
    return page.html;
  });
}

test('two editors, the preview while typing, the keyboard, and what axe says', async ({ browser, page }) => {
  test.slow();
  const email = await newMember('marketing');
  const other = await signedInAs(browser, await newMember('marketing'));
  await typeIn(page, email, 'four unlikely garden words');
  await page.waitForURL('**/staff');
  const key = `zwei-${process.pid}`;
  await other.goto('/staff/forms/newsletter');
  await other.fill('#key', key);
  await other.getByRole('button', { name: 'Kopie anlegen' }).click();
  await page.goto(`/staff/forms/${key}/edit`);

  // The preview follows what is typed, and Enter saves instead of moving a box.
  await page.fill('#heading_de', 'Neues <b>aus</b> der Werkstatt');
  await expect(page.frameLocator('[data-preview-frame]').locator('h1')).toHaveText(
    'Neues <b>aus</b> der Werkstatt',
  );
  await page.selectOption('select[name=look]', 'dark');
  await expect(page.frameLocator('[data-preview-frame]').locator('html')).toHaveAttribute(
    'data-theme',
    'dark',
  );
  const order = await page.locator('.chosen .name').allInnerTexts();
  await page.locator('#heading_de').press('Enter');
  await expect(page.getByRole('status').first()).toContainText('Der Entwurf ist gespeichert');
  expect(await page.locator('.chosen .name').allInnerTexts()).toEqual(order);
  const down = page.getByRole('button', { name: `${order[0]} nach unten` });
  await down.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.chosen .name').nth(1)).toHaveText(order[0] ?? '');

  await other.goto(`/staff/forms/${key}/edit`);
  await other.fill('#source', 'zuerst');
  await page.fill('#source', 'danach');
  await other.getByRole('button', { name: 'Entwurf speichern' }).last().click();
  await page.getByRole('button', { name: 'Entwurf speichern' }).last().click();
  await expect(page.getByRole('alert')).toContainText('hat inzwischen gespeichert');
  await expect(page.getByRole('alert')).toContainText('zuerst');
  await expect(page.locator('#source')).toHaveValue('danach');

  await page.setViewportSize({ width: 320, height: 800 });
  for (const address of ['', `/${key}/edit`, '/newsletter/versions', '/newsletter/embed']) {
    await page.goto(`/staff/forms${address}`);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, address).toBeLessThanOrEqual(320);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // The frame shows a form, a page of its own whose looks have tests of their own.
      expect(await axeFindings(page, { except: 'iframe' }), `${address} ${colorScheme}`).toEqual([]);
    }
  }
  expect(
    (await page.request.get(`${baseUrl}/theme.css?light.accent=%23003366`)).headers()['content-type'],
  ).toContain('text/css');
  await other.context().close();
});
