import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type APIResponse, expect, type Page, test } from '@playwright/test';
import { makeDossier } from '#src/dossiers/make-dossier.ts';
import { packFiles, unpackFiles } from '#src/dossiers/zip.ts';
import { axeFindings } from './axe.ts';
import { confirmed, stranger, withServerState } from './visit.ts';

test.use({ locale: 'de-DE' });

/** A file of the receipts on the preference page, as its link gives it. */
async function downloaded(page: Page, name: RegExp): Promise<APIResponse> {
  const href = await page.locator('#receipts').getByRole('link', { name }).first().getAttribute('href');
  return page.request.get(href ?? '');
}

async function atReceipts(page: Page): Promise<string> {
  const email = stranger();
  const told = await confirmed(page, { email, consents: ['product-news:email', 'partner-offers:email'] });
  await page.goto(told.links.manage ?? '');
  return email;
}

/** Chooses a file on `/verify` and waits for the answer. */
async function check(page: Page, name: string, content: Buffer): Promise<string> {
  await page.setInputFiles('#file', { name, mimeType: 'application/octet-stream', buffer: content });
  await expect(page.locator('#result > .hint')).toHaveText(name);
  return (await page.locator('#result').textContent()) ?? '';
}

test.describe('the preference page', () => {
  test('offers the PDF first, then the same for programs', async ({ page }) => {
    await atReceipts(page);
    const links = page.locator('#receipts li').first().getByRole('link');
    await expect(links).toHaveText(['Beleg (PDF)', 'JSON', 'JWS']);
    const pdf = await downloaded(page, /^Beleg als PDF/);
    expect(pdf.headers()).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store' });
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
    const json = await downloaded(page, /^JSON/);
    expect(await json.json()).toMatchObject({
      'dct:conformsTo': 'https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr',
    });
    const kantara = await page.request.get(`${json.url()}&format=kantara`);
    expect(await kantara.json()).toMatchObject({ version: 'KI-CR-v1.1.0' });
  });

  test('leads on from the address of earlier versions, and gives nobody else’s receipt', async ({ page }) => {
    await atReceipts(page);
    const own = page.url();
    const answer = await page.request.get(`${own}/receipt.json`, { maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    expect(answer.headers().location).toBe(`${new URL(own).pathname}#receipts`);
    const href = (await page.locator('#receipts a').nth(1).getAttribute('href')) ?? '';
    await atReceipts(page);
    const foreign = href.replace(/\/p\/[^/]+/, new URL(page.url()).pathname);
    expect((await page.request.get(foreign)).status()).toBe(404);
    expect((await page.request.get(href.replace(/\.\w+\?/, '.txt?'))).status()).toBe(404);
  });
});

test.describe('/verify', () => {
  test('says in the browser that a receipt is genuine, and sends it nowhere', async ({ page }) => {
    const email = await atReceipts(page);
    const files = {
      'a.pdf': await (await downloaded(page, /^Beleg als PDF/)).body(),
      'a.json': await (await downloaded(page, /^JSON/)).body(),
      'a.jws': await (await downloaded(page, /^JWS/)).body(),
    };
    await page.goto('/verify?lang=de');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    for (const [name, content] of Object.entries(files)) {
      const said = await check(page, name, content);
      expect(said).toContain('Dieser Beleg stammt von uns und ist unverändert.');
      expect(said).toContain(email);
      expect(said).toContain('Muster Werkzeuge GmbH');
      await expect(page.locator('#result h2')).toBeFocused();
    }
    expect(new Set(asked)).toEqual(
      new Set(['GET /.well-known/jawort/jwks.json', 'GET /.well-known/jawort/keys']),
    );
    expect(await axeFindings(page)).toEqual([]);
    expect((await page.context().cookies()).length).toBe(0);
  });

  test('says of any other file what is wrong with it', async ({ page }) => {
    await atReceipts(page);
    const json = String(await (await downloaded(page, /^JSON/)).body());
    const pdf = await (await downloaded(page, /^Beleg als PDF/)).body();
    await page.goto('/verify?lang=en');
    const changed = Buffer.from(json.replace('"state": "granted"', '"state": "refused"'));
    expect(await check(page, 'changed.json', changed)).toContain('Not genuine');
    pdf.writeUInt8(pdf.readUInt8(pdf.indexOf('/Title') + 12) ^ 1, pdf.indexOf('/Title') + 12);
    expect(await check(page, 'changed.pdf', pdf)).toContain('not the one that we issued');
    const header = Buffer.from('{"alg":"EdDSA","kid":"other"}').toString('base64url');
    const foreign = Buffer.from(json.replace(/"jws": "eyJ[\w-]+/, `"jws": "${header}`));
    expect(await check(page, 'foreign.json', foreign)).toContain('Not from us');
    expect(await check(page, 'nothing.json', Buffer.from('{}'))).toContain('Not readable');
  });

  test('checks a dossier as well', async ({ page }) => {
    await atReceipts(page);
    const href = await page.locator('#receipts .files a').first().getAttribute('href');
    const permission = /per_([0-9a-f-]{36})/.exec(href ?? '')?.[1] ?? '';
    const zip = await withServerState(async (app) => {
      const by = { actor: null, note: { by: 'test' } };
      const made = await makeDossier(app, { permissionId: permission }, new Date().toISOString(), by);
      return made.outcome === 'made' ? made.zip : new Uint8Array();
    });
    const files = unpackFiles(zip) ?? new Map<string, Uint8Array>();
    const [text = ''] = [...files.keys()].filter((name) => name.startsWith('texts/'));
    files.set(text, new TextEncoder().encode('Yes to everything.'));
    await page.goto('/verify?lang=en');
    expect(await check(page, 'a.zip', Buffer.from(zip))).toMatch(/Genuine.*GENUINE\. Nothing was changed/s);
    expect(await check(page, 'b.zip', Buffer.from(packFiles(files)))).toContain(`${text}: changed`);
    expect(await check(page, 'c.zip', Buffer.from(zip.subarray(0, 900)))).toContain('Not readable');
    expect(await axeFindings(page)).toEqual([]);
  });

  test('takes a file that is dropped on it', async ({ page }) => {
    await atReceipts(page);
    const jws = String(await (await downloaded(page, /^JWS/)).body());
    await page.goto('/verify?lang=de');
    const data = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], 'dropped.jws'));
      return transfer;
    }, jws);
    await page.dispatchEvent('.drop', 'drop', { dataTransfer: data });
    await expect(page.locator('#result')).toContainText('Dieser Beleg stammt von uns');
  });

  test('has commands that check a receipt without the page', async ({ page }) => {
    await atReceipts(page);
    const folder = mkdtempSync(join(tmpdir(), 'jawort-by-hand-'));
    writeFileSync(join(folder, 'receipt.jws'), await (await downloaded(page, /^JWS/)).body());
    await page.goto('/verify?lang=de');
    const [check = '', show = ''] = await page.locator('pre.commands').allInnerTexts();
    const run = (script: string) => String(execFileSync('bash', ['-c', script], { cwd: folder }));
    expect(run(`${check}\n${show}`)).toMatch(/^Signature Verified Successfully\n\{/);
    writeFileSync(join(folder, 'receipt.jws'), 'e30.e30.AAAA');
    expect(() => run(check)).toThrow();
    rmSync(folder, { recursive: true });
  });
});

test.describe('/verify without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('explains how to check by hand, and shows nothing that would not work', async ({ page }) => {
    await page.goto('/verify?lang=de');
    await expect(page.locator('#file')).toBeHidden();
    await expect(page.getByRole('heading', { name: 'Ohne diese Seite prüfen' })).toBeVisible();
    await expect(page.locator('pre.commands').first()).toContainText('openssl pkeyutl -verify');
  });

  for (const width of [320, 1280]) {
    test(`fits into ${width} pixels`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      await page.goto('/verify?lang=de');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
    });
  }
});
