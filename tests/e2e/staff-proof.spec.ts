import { type Browser, expect, type Page, test } from '@playwright/test';
import { axeFindings } from './axe.ts';
import { newMember, password, signedInAs, typeIn } from './staff-visit.ts';
import { answered, confirmed, stranger, withServerState } from './visit.ts';

test.use({ javaScriptEnabled: false, locale: 'de-DE', timezoneId: 'Europe/Berlin' });

const reason = 'Beschwerde, Az. 33 O 7368/23';

/** At the page of a person, by the search of the desk. */
async function atPerson(browser: Browser, role: 'legal' | 'auditor' | 'agent', email: string): Promise<Page> {
  const desk = await signedInAs(browser, await newMember(role));
  await search(desk, email);
  return desk;
}

async function search(desk: Page, email: string): Promise<void> {
  await desk.fill('input[name=q]', email);
  await answered(desk, () => desk.press('input[name=q]', 'Enter'));
}

async function open(desk: Page, because = reason): Promise<void> {
  await desk.fill('#reason', because);
  await answered(desk, () => desk.click('button[value=open]'));
}

test('an auditor finds the proof of a consent in two clicks, and it is all there', async ({
  page,
  browser,
}) => {
  test.slow();
  const email = stranger('paula');
  await confirmed(page, { email, consents: ['partner-offers:email'] });
  const desk = await atPerson(browser, 'auditor', email);
  await answered(desk, () => desk.click('[data-cell="partner-offers:email"] a.to-proof'));
  await expect(desk.locator('h1')).toContainText('Nachweis: Angebote der Beispiel Versicherung AG');
  await open(desk);

  const proof = desk.locator('article.proof-sheet');
  await expect(proof.locator('h1')).toHaveText('Nachweis einer Einwilligung');
  for (const piece of [
    email,
    'Erteilt seit',
    'darf meine E-Mail-Adresse an die Beispiel Versicherung AG, Köln, geben',
    '1 von 3 Kästchen angekreuzt',
    'Bestätigungs-E-Mail gesendet',
    'Antwort des Mailservers',
    'Message-ID',
    'Knopf zum Bestätigen auf der Seite, die der Link aus der E-Mail öffnet',
    'Nichts: kein Widerruf, kein Widerspruch, keine Sperre.',
    'Oder geben Sie diesen Code auf der Seite ein',
    'SHA-256 des Wortlauts',
    'kam mit der Einrichtung',
    'node verify.mjs',
    reason,
  ]) {
    await expect(proof).toContainText(piece, { ignoreCase: true });
  }
  const copy = desk.frameLocator('iframe.form-copy');
  await expect(copy.locator('input[value="partner-offers:email"]')).toBeChecked();
  await expect(copy.locator('input[value="product-news:email"]')).not.toBeChecked();
  await expect(copy.locator('#email')).toHaveValue(email);
  await expect(copy.locator('h1')).toHaveCSS('font-weight', /[67]\d\d/);
  expect(await desk.locator('iframe.form-copy').getAttribute('sandbox')).toBe('');
  expect(desk.url()).not.toContain(encodeURIComponent(email));

  const [download] = await Promise.all([desk.waitForEvent('download'), desk.click('button[value=pdf]')]);
  expect(download.suggestedFilename()).toMatch(/^nachweis-per_[\w-]+\.pdf$/);
  const [zip] = await Promise.all([desk.waitForEvent('download'), desk.click('button[value=dossier]')]);
  expect(zip.suggestedFilename()).toMatch(/^dossier-per_[\w-]+\.zip$/);
  const acts = await withServerState((app) =>
    app.db
      .selectFrom('audit_entries')
      .selectAll()
      .where('act', 'in', ['proof.opened', 'proof.pdf', 'dossier.made'])
      .orderBy('id')
      .execute(),
  );
  const own = acts.filter(({ subject }) => desk.url().includes(subject.replace('permission:', '')));
  expect(own.map(({ act }) => act)).toEqual(['proof.opened', 'proof.pdf', 'dossier.made']);
  expect(own[0]?.details).toContain('33 O 7368/23');
  expect(own[0]?.details).not.toContain('@');
});

test('a proof needs a reason, which names no person, and a moment at which there was something', async ({
  page,
  browser,
}) => {
  const email = stranger('emil');
  await confirmed(page, { email, consents: ['product-news:email'] });
  const desk = await atPerson(browser, 'legal', email);
  await answered(desk, () => desk.click('a.to-proof'));
  const address = desk.url();
  await open(desk, '');
  await expect(desk.locator('#reason-error')).toContainText('mindestens 5 Zeichen');
  await open(desk, `Beschwerde von ${email}`);
  await expect(desk.locator('#reason-error')).toContainText('ohne Adresse');
  await expect(desk.locator('#reason')).toHaveValue(`Beschwerde von ${email}`);
  await desk.fill('#at', '2024-01-01T10:00');
  await open(desk);
  await expect(desk.locator('#at-error')).toContainText('noch nicht');
  await desk.fill('#at', '2099-01-01T10:00');
  await open(desk);
  await expect(desk.locator('#at-error')).toContainText('Zukunft');
  const strange = await desk.request.post(address.replace(/[0-9a-f]{4}(?=\?|$)/, '0000'), {
    form: { action: 'open', reason },
    headers: { origin: new URL(address).origin },
  });
  expect(strange.status()).toBe(404);
  const agent = await atPerson(browser, 'agent', email);
  await expect(agent.locator('a.to-proof')).toHaveCount(0);
  expect((await agent.request.get(address)).status()).toBe(403);
});

test('a proof breaks no rule of accessibility, and fits a phone', async ({ page, browser }) => {
  const email = stranger('mia');
  await confirmed(page, { email, consents: ['product-news:email'] });
  const context = await browser.newContext({ locale: 'de-DE', javaScriptEnabled: true });
  const desk = await context.newPage();
  await typeIn(desk, await newMember('legal'), password);
  await search(desk, email);
  await answered(desk, () => desk.click('a.to-proof'));
  expect(await axeFindings(desk)).toEqual([]);
  await open(desk);
  // Nothing runs in the frame, so nothing in it can answer.
  await desk.locator('iframe.form-copy').evaluate((frame) => frame.remove());
  for (const colorScheme of ['light', 'dark'] as const) {
    await desk.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await axeFindings(desk), colorScheme).toEqual([]);
  }
  await desk.setViewportSize({ width: 320, height: 800 });
  expect(await desk.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test('from the search to the printed proof takes seconds', async ({ page, browser }) => {
  const email = stranger('zoe');
  await confirmed(page, { email, consents: ['product-news:email'] });
  const desk = await signedInAs(browser, await newMember('legal'));
  const from = performance.now();
  await search(desk, email);
  await answered(desk, () => desk.click('a.to-proof'));
  await open(desk);
  const [download] = await Promise.all([desk.waitForEvent('download'), desk.click('button[value=pdf]')]);
  await download.path();
  test.info().annotations.push({ type: 'walk', description: `${Math.round(performance.now() - from)} ms` });
  expect(performance.now() - from).toBeLessThan(20_000);
});
