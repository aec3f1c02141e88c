import { createHash } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { axeFindings } from './axe.ts';
import { answered, confirmed, mailOf, standing, stranger, unfold } from './visit.ts';

test.use({ javaScriptEnabled: false, locale: 'de-DE', timezoneId: 'Europe/Berlin' });

const news = 'product-news/email/de@1.0';
const calls = 'service-calls/phone/de@1.0';
const someone = {
  given_name: 'Anna',
  family_name: 'Muster',
  street: 'Weg 1',
  postal_code: '63452',
  city: 'Hanau',
};
const pdf = { name: 'card.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 signed') };

test.describe("the agent's desk, without JavaScript", () => {
  test('takes a call, tells the person, and hears a no by telephone at once', async ({ page, request }) => {
    test.slow();
    const email = stranger();
    const number = `+49 6181 ${String(Date.now()).slice(-7)}`;
    await confirmed(page, {
      email,
      consents: ['service-calls:phone'],
      form: 'fair',
      fields: { phone: number },
    });
    await signIn(page);
    await lookUp(page, email);
    await expect(page).toHaveURL(/\/staff\/permissions\/[\w-]{36}\?lang=de$/);
    await expect(cell(page, 'service-calls:phone')).toContainText('Nicht erlaubt');

    await page.click('text=Anruf mit Aufnahme');
    await page.selectOption('#text', calls);
    await page.click('text=Diesen Text zeigen');
    await expect(page.locator('[data-consent-text]')).toContainText('Ja, die Muster Werkzeuge GmbH');
    await expect(page.locator('#contact_point')).toHaveValue(/6181/);
    for (const [name, value] of Object.entries(someone)) await page.fill(`#${name}`, value);
    await page.check('input[name=answer][value=yes]');
    await page.check('input[name=direction][value=outbound]');
    await page.fill('#captured_at', new Date(Date.now() - 86_400_000).toISOString().slice(0, 16));
    await page.fill('#recording_ref', 'R-2026-11');
    await page.fill('#recording_sha256', 'ab'.repeat(32));
    await page.click('button[value=save]');
    await expect(page.getByRole('alert')).toContainText('Nur Anrufe der Person zählen');
    await expect(page.getByRole('alert')).toContainText('§ 201 StGB');
    await expect(page.locator('#recording_ref')).toHaveValue('R-2026-11');
    await page.check('input[name=direction][value=inbound]');
    await page.check('#recording_consent');
    await page.click('button[value=save]');
    await expect(page.getByRole('status')).toContainText('Erfasst und nutzbar: Anrufe zur Wartung: Telefon');
    await expect(cell(page, 'service-calls:phone')).toContainText('Erlaubt');
    expect((await mailOf(email, 'permissions-changed', 2)).text).toContain('Anrufe zur Wartung');
    expect(await decide(request, 'service-calls', 'phone', number)).toMatchObject({ allowed: true });

    await page.selectOption('#what', 'service-calls:phone');
    await page.selectOption('#how', 'telephone');
    await answered(page, () => page.click('button[value=withdraw]'));
    expect(await decide(request, 'service-calls', 'phone', number)).toMatchObject({
      allowed: false,
      reason: 'withdrawn',
    });
    await expect(page.getByRole('status')).toContainText('Ab sofort Nein: Anrufe zur Wartung: Telefon');
    expect((await mailOf(email, 'permissions-changed', 3)).text).toContain('Nein');
    await expect(page.locator('.history')).toContainText('Ari Agent');
  });

  test('writes down a look into a register, and keeps data only for whoever asks for that', async ({
    page,
    request,
  }) => {
    const email = stranger('erika');
    await confirmed(page, { email, consents: ['product-news:email'] });
    await signIn(page);
    await lookUp(page, email);
    await page.fill('#list', 'List of 1 November');
    await page.click('button[value=register]');
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.locator('#list')).toHaveValue('List of 1 November');
    await page.selectOption('#result', 'free');
    await page.click('button[value=register]');
    await expect(page.getByRole('status')).toBeVisible();

    await expect(page.getByText('Beurteilt für Verbraucher in Deutschland')).toBeVisible();
    await page.selectOption('#audience', 'business');
    await page.selectOption('#jurisdiction', 'AT');
    await page.click('text=So zeigen');
    await expect(page.getByText('Beurteilt für Unternehmen in Österreich')).toBeVisible();
    await expect(cell(page, 'product-news:email')).toContainText('TKG');

    await page.selectOption('#reason', 'accuracy_contested');
    await page.click('button[value=restrict]');
    expect(await decide(request, 'product-news', 'email', email)).toMatchObject({ allowed: false });
    expect((await mailOf(email, 'permissions-changed', 2)).text).toContain('Art. 18');
    await page.click('button[value=lift]');
    const told = await mailOf(email, 'permissions-changed', 3);
    expect(told.text).toContain('Art. 18');
    await expect(page.locator('.history')).toContainText('Ende der Einschränkung angekündigt');
    await expect(page.locator('.history')).toContainText('kein Eintrag. ECG-Liste');
    await page.goto(told.links.manage ?? '');
    await expect(page.getByText('Diese Einschränkung endet am')).toBeVisible();
    await expect(page.locator('.history')).toContainText('Verarbeitung eingeschränkt');
  });

  test('takes a postcard, and lets its owner confirm', async ({ page, request }) => {
    test.slow();
    const email = stranger('carol');
    await signIn(page);
    await lookUp(page, email);
    await expect(page.getByRole('status')).toContainText('niemand bekannt');
    await page.click('button:has-text("Postkarte")');
    await page.selectOption('#text', news);
    await page.click('text=Diesen Text zeigen');
    await expect(page.locator('#contact_point')).toHaveValue(email);
    await page.fill('#contact_point_again', `x${email}`);
    await page.fill('#signed_at', '2026-01-31');
    await page.fill('#place', 'Hanau');
    await page.setInputFiles('#scan', { ...pdf, buffer: Buffer.from('<html>') });
    await page.click('button[value=save]');
    await expect(page.locator('#contact_point_again-error')).toContainText('nicht gleich');
    await expect(page.locator('#scan-error')).toContainText('kein PDF');
    await expect(page.locator('#place')).toHaveValue('Hanau');
    await page.fill('#contact_point_again', email);
    await page.setInputFiles('#scan', pdf);
    await page.click('button[value=save]');
    await expect(page.getByRole('status')).toContainText('Erst die Person selbst macht daraus ein Ja');
    expect(await decide(request, 'product-news', 'email', email)).toMatchObject({
      reason: 'pending_confirmation',
    });
    const scan = await page.locator('a[href*="/scan/"]').first().getAttribute('href');
    const file = await page.request.get(scan ?? '');
    expect(file.headers()['content-disposition']).toMatch(/^attachment; .*\.pdf"$/);
    expect(await file.text()).toBe('%PDF-1.7 signed');
    const { links, text } = await mailOf(email, 'confirm-signup');
    expect(text).toContain('Ja, die Muster Werkzeuge GmbH');
    await page.goto(links.confirm ?? '');
    await answered(page, () => page.click('button[value=confirm]'));
    expect(await standing(email)).toEqual({ 'product-news:email': 'granted' });
    expect(await decide(request, 'product-news', 'email', email)).toMatchObject({ allowed: true });
  });

  test('adds the scan to what came by the API with its checksum only', async ({ page }) => {
    await signIn(page);
    // A file of its own: one that is here already needs no attaching.
    const signed = `%PDF-1.7 ${stranger()}`;
    await cardByApi(page, '+49 6185 ', Buffer.from(signed));
    await page.locator('.history summary').first().click();
    await expect(page.locator('.history')).not.toContainText('Scan herunterladen');
    await page.click('text=Scan nachreichen');
    await page.click('text=Scan anfügen');
    await expect(page.getByRole('alert')).toContainText('Bitte wählen Sie eine Datei');
    await page.setInputFiles('#scan', { ...pdf, buffer: Buffer.from('%PDF-1.7 another') });
    await page.click('text=Scan anfügen');
    await expect(page.locator('#scan-error')).toContainText('Das ist nicht diese Datei');
    await page.setInputFiles('#scan', { ...pdf, buffer: Buffer.from(signed) });
    await page.click('text=Scan anfügen');
    await expect(page.getByRole('status')).toContainText('Der Scan ist jetzt bei der Erfassung gespeichert');
    const scan = await page.locator('a[href*="/scan/"]').first().getAttribute('href');
    expect(await (await page.request.get(scan ?? '')).text()).toBe(signed);
  });

  test('mends a wrong number, and writes a letter to whoever has no mailbox', async ({ page, request }) => {
    test.slow();
    const digits = String(Date.now()).slice(-7);
    const [wrong, right] = [`+49 6182 ${digits}`, `+49 6183 ${digits}`];
    const recipient = `Wilma Weber ${digits}`;
    await signIn(page);
    await page.goto(`/staff/permissions/capture/phone_recorded?text=${calls}&lang=de`);
    for (const [name, value] of Object.entries({
      ...someone,
      family_name: `Weber ${digits}`,
      given_name: 'Wilma',
    })) {
      await page.fill(`#${name}`, value);
    }
    await page.fill('#contact_point', wrong);
    await page.check('input[name=answer][value=yes]');
    await page.check('input[name=direction][value=inbound]');
    await page.fill('#captured_at', new Date(Date.now() - 86_400_000).toISOString().slice(0, 16));
    await page.fill('#number', wrong);
    await page.check('#recording_consent');
    await page.fill('#recording_ref', 'R-1');
    await page.fill('#recording_sha256', 'cd'.repeat(32));
    await page.click('button[value=save]');
    await expect(page.getByRole('status')).toContainText('ein Brief liegt in der Druckliste', {
      ignoreCase: true,
    });

    await page.click('text=Berichtigen oder ergänzen');
    await expect(page.locator('#contact_point')).toHaveValue(wrong);
    await page.fill('#contact_point', right);
    await page.click('button[value=save]');
    await expect(page.getByRole('alert')).toContainText('Begründung');
    await page.selectOption('#wrong', 'address');
    await page.fill('#reason', 'Eine Ziffer war falsch notiert.');
    await page.click('button[value=save]');
    await expect(page.getByRole('status')).toContainText('Erfasst und nutzbar');
    expect(await decide(request, 'service-calls', 'phone', right)).toMatchObject({ allowed: true });
    expect(await decide(request, 'service-calls', 'phone', wrong)).toMatchObject({ allowed: false });

    await page.goto('/staff/letters?lang=de');
    const row = page.locator('tr', { hasText: recipient });
    await expect(row).toContainText('Anrufe zur Wartung, Telefon: Ja');
    await row.getByRole('checkbox').check();
    await page.click('button[value=some]');
    const href = await page.locator('a.primary').getAttribute('href');
    const pdf = await page.request.get(href ?? '');
    expect(pdf.headers()['content-type']).toBe('application/pdf');
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
    await page.click('button[value=sent]');
    await expect(page.getByRole('status')).toContainText('als verschickt abgehakt');
    await expect(page.locator('tr', { hasText: recipient })).toHaveCount(0);
  });

  test('lets an auditor read, and change nothing', async ({ page }) => {
    const email = stranger();
    await confirmed(page, { email, consents: ['product-news:email'] });
    await signIn(page, 'auditor@example.org');
    await lookUp(page, email);
    await expect(cell(page, 'product-news:email')).toContainText('Erlaubt');
    await expect(page.locator('main form[method=post]')).toHaveCount(0);
    const answer = await page.request.post(page.url(), {
      form: { what: 'all', how: 'letter' },
      headers: { Origin: new URL(page.url()).origin },
    });
    expect(answer.status()).toBe(403);
    expect((await page.goto('/staff/permissions/capture/paper'))?.status()).toBe(403);
    expect(await standing(email)).toEqual({ 'product-news:email': 'granted' });
  });
});

const pages = [
  '/staff/permissions',
  '/staff/permissions/expiry',
  'person',
  'correction',
  'attach',
  '/staff/letters',
  '/staff/permissions/capture/phone_recorded',
  `/staff/permissions/capture/phone_recorded?text=${calls}`,
  `/staff/permissions/capture/postcard?text=${news}`,
  '/staff/permissions/capture/existing_customer',
  '/staff/permissions/capture/presumed',
  '/staff/permissions/capture/legitimate_interest',
];

test.describe('axe finds nothing, and nothing is wider than 320 pixels', () => {
  test.use({ javaScriptEnabled: true, contextOptions: { reducedMotion: 'reduce' } });

  for (const path of pages) {
    test(`on ${path}`, async ({ page }) => {
      test.slow();
      await signIn(page);
      const address = await addressOf(page, path);
      for (const locale of ['de', 'en']) {
        await page.setViewportSize({ width: 320, height: 640 });
        await page.goto(`${address}${address.includes('?') ? '&' : '?'}lang=${locale}`);
        await unfold(page);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width, locale).toBeLessThanOrEqual(320);
        await page.emulateMedia({ colorScheme: 'light' });
        expect(await axeFindings(page), `${locale}, light`).toEqual([]);
      }
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await axeFindings(page, { rules: ['color-contrast'] }), 'dark').toEqual([]);
    });
  }
});

async function addressOf(page: Page, path: string): Promise<string> {
  if (path === 'person') return aPerson(page);
  if (path !== 'correction' && path !== 'attach') return path;
  await cardByApi(page, '+49 6184 ', Buffer.from(`%PDF-1.7 ${stranger()}`));
  const link = page.locator(path === 'attach' ? 'a[href*="/attach?"]' : 'a[href*="corrects="]');
  return ((await link.first().getAttribute('href')) ?? '').replace(/[?&]lang=\w+/, '');
}

/** Opens the page of whoever signed a sheet that came by the API with its checksum only. */
async function cardByApi(page: Page, area: string, file = pdf.buffer): Promise<void> {
  const number = area + String(Date.now()).slice(-7);
  const answer = await page.request.post('/api/v1/consents', {
    headers: { Authorization: 'Bearer jw_demo_key' },
    data: {
      contact_point: number,
      channel: 'phone',
      purpose: 'service-calls',
      basis: 'consent',
      text_version: calls,
      method: 'paper',
      captured_at: new Date(Date.now() - 86_400_000).toISOString(),
      captured_by: 'crm',
      person: someone,
      evidence: {
        signed_at: '2026-01-31',
        place: 'Hanau',
        scan_sha256: createHash('sha256').update(file).digest('hex'),
      },
    },
  });
  expect(answer.status()).toBe(201);
  await lookUp(page, number, 'phone');
}

/** The page of somebody who said yes to something. */
async function aPerson(page: Page): Promise<string> {
  const email = stranger();
  await confirmed(page, { email, consents: ['product-news:email', 'event-invitations:email'] });
  await lookUp(page, email);
  return new URL(page.url()).pathname;
}

async function signIn(page: Page, email = 'agent@example.org'): Promise<void> {
  await page.goto('/staff/sign-in?to=/staff/permissions&lang=de');
  await page.fill('#email', email);
  await page.fill('#password', 'demo-jawort');
  await answered(page, () => page.click('main button[type=submit]'));
}

async function lookUp(page: Page, address: string, channel = 'email'): Promise<void> {
  await page.goto('/staff/permissions?lang=de');
  await page.fill('#address', address);
  await page.selectOption('#channel', channel);
  await answered(page, () => page.click('button[value=look-up]'));
}

function cell(page: Page, name: string) {
  return page.locator(`tr[data-cell="${name}"]`);
}

async function decide(request: Page['request'], purpose: string, channel: string, contactPoint: string) {
  const answer = await request.post('/api/v1/decisions', {
    headers: { Authorization: 'Bearer jw_demo_key' },
    data: { purpose, channel, contact_points: [contactPoint] },
  });
  const { decisions } = (await answer.json()) as { decisions: { allowed: boolean; reason: string }[] };
  return decisions[0];
}
