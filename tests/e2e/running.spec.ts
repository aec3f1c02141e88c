import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, expect, type Page, type Request, test } from '@playwright/test';
import type { App } from '#src/app/app.ts';
import { readConfig } from '#src/app/config.ts';
import { calendarDay } from '#src/i18n/dates.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { openApp } from '#src/server/open-app.ts';
import { type BuiltServer, databaseUrl, startBuilt } from '#tests/support/built-server.ts';
import { mailsTo } from '#tests/support/mailbox.ts';
import { freePort } from '#tests/support/postgres.ts';
import { axeFindings } from './axe.ts';
import { costsOf, slowDown, watchCosts } from './costs.ts';
import { demoPassword } from './staff-visit.ts';
import { answered, stranger } from './visit.ts';

// A server of its own: here limits and proof of work are on.
// A busy machine takes its time to sign in, to solve and to look at pages with axe.
test.describe.configure({ mode: 'serial', timeout: 90_000 });
test.use({ locale: 'de-DE' });

const folder = mkdtempSync(join(tmpdir(), 'jawort-running-'));
let server: BuiltServer;
/** A marketer's, whose browser runs no script. */
let desk: Page;

test.beforeAll(async ({ browser }) => {
  const port = await freePort();
  const BASE_URL = `http://127.0.0.1:${port}`;
  server = await startBuilt(folder, { LIMITS: 'on', PORT: String(port), BASE_URL });
  desk = await atDesk(browser, 'marketing@example.org');
});
test.afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function atDesk(browser: Browser, email: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: server.url,
    locale: 'de-DE',
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  await page.goto('/staff/sign-in');
  await page.fill('#email', email);
  await page.fill('#password', demoPassword);
  await page.click('main button[type=submit]');
  await page.waitForURL('**/staff');
  return page;
}

async function press(form: string, action: string): Promise<void> {
  await desk.goto(`/staff/forms/${form}/running`);
  await answered(desk, () => desk.click(`button[value=${action}]`));
  await expect(desk.getByRole('status')).toBeVisible();
}

async function inDatabase<T>(look: (app: App) => Promise<T>): Promise<T> {
  const read = readConfig({ DATABASE_URL: databaseUrl(folder), LOG_LEVEL: 'silent' });
  if (!read.ok) throw new Error(read.mistakes.join('\n'));
  const app = await openApp(read.config);
  try {
    return await look(app);
  } finally {
    await app.db.destroy();
  }
}

/** A pass for today and tomorrow, made at the desk. */
async function kioskFor(form: string, stand: string): Promise<string> {
  await desk.goto(`/staff/forms/${form}/fair`);
  await desk.fill('#stand', stand);
  await desk.fill('#from', calendarDay(new Date()));
  await desk.fill('#to', calendarDay(new Date(Date.now() + 86_400_000)));
  await desk.click('button[value=kiosk]');
  await expect(desk.getByRole('status')).toContainText('angelegt');
  await expect(desk.locator('.kiosks li').first()).toContainText(stand);
  return (await desk.locator('.kiosks a').first().getAttribute('href')) ?? '';
}

const signups = () =>
  inDatabase(({ db }) => db.selectFrom('signups').select(['source', 'mails_sent', 'test']).execute());

async function fill(page: Page, email: string): Promise<void> {
  await page.fill('#email', email);
  await page.check('#consent-0');
}

const mailDir = join(folder, 'mail');

async function confirmLink(email: string): Promise<string> {
  const link = async () => (await mailsTo(mailDir, email)).at(-1)?.links.confirm;
  await expect.poll(link, { timeout: 10_000 }).toBeTruthy();
  return (await link()) ?? '';
}

/** What axe finds, light, dark and narrow, and what is too wide. */
async function faultsOn(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 320, height: 700 });
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await axeFindings(page)).map((finding) => `${colorScheme} ${finding}`));
  }
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  return width > 320 ? [...found, `${width} pixels wide`] : found;
}

const nameOf = (request: Request) => new URL(request.url()).pathname.split('/').at(-1) ?? '';

/** Over the wire, with its headers. Of the script of a worker the browser does not tell. */
async function weightOf(request: Request): Promise<number> {
  const { responseBodySize, responseHeadersSize } = await request.sizes();
  if (responseBodySize > 0) return responseHeadersSize + responseBodySize;
  const answer = await desk.request.get(request.url());
  return responseHeadersSize + gzipSync(await answer.body()).length;
}

test('a proof of work is done while one writes; without scripts it is fewer and slower', async ({
  browser,
}) => {
  await press('newsletter', 'proof_on');
  const plain = await desk.context().newPage();
  await plain.goto('/f/newsletter');
  await expect(plain.locator('[data-proof]')).toContainText('Ohne Skript');

  const page = await (await browser.newContext({ baseURL: server.url, locale: 'de-DE' })).newPage();
  for (const when of ['solved', 'at once']) {
    await page.goto('/f/newsletter');
    await fill(page, stranger('proof'));
    if (when === 'solved') await expect(page.locator('[data-proof]')).toContainText('erledigt');
    await page.click('#submit');
    await page.waitForURL('**/sent**');
  }
  // Back to where the proof has been used: the next one is done anew.
  await page.goBack();
  await fill(page, stranger('proof'));
  await page.click('#submit');
  await page.waitForURL('**/sent**');

  await fill(plain, stranger('plain'));
  await plain.click('#submit');
  await plain.waitForURL('**/sent**');
  await plain.goBack();
  // A third of what a network may send with a proof.
  const rest = Math.floor(signupLimits.perNetwork.most / 3) - 1;
  const hidden = await plain
    .locator('#signup input[type=hidden]')
    .evaluateAll((inputs) =>
      inputs.map((input) => [(input as HTMLInputElement).name, (input as HTMLInputElement).value]),
    );
  for (let number = 0; number < rest; number += 1) {
    const form = {
      ...Object.fromEntries(hidden),
      email: stranger(`rest-${number}`),
      consent: 'product-news:email',
    };
    const answer = await plain.request.post('/f/newsletter', { form, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
  }
  await fill(plain, 'again@example.org');
  await plain.click('#submit');
  await expect(plain.getByRole('alert')).toContainText('viele Anfragen');
  await expect(plain.locator('#email')).toHaveValue('again@example.org');
  expect(await signups()).toHaveLength(4 + rest);
});

test('a frame does the work as well, in less than 20 kB and without moving anything, and says when it is closed', async ({
  browser,
}) => {
  test.slow();
  const context = await browser.newContext({ locale: 'de-DE', permissions: ['local-network-access'] });
  const page = await context.newPage();
  const host = 'http://localhost:8080';
  await desk.goto('/staff/forms/newsletter/embed');
  const body = `<!doctype html><title>Host</title>${await desk.inputValue('#snippet-element')}<p>Impressum</p>`;
  await page.route(`${host}/**`, (route) => route.fulfill({ contentType: 'text/html', body }));
  await watchCosts(page);
  const loaded: Request[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().startsWith(server.url)) loaded.push(request);
  });
  const frame = page.frameLocator('iframe');
  await slowDown(page, 4);
  // Whatever else runs on this machine can make a task longer, never shorter: the best of a few counts.
  await expect(async () => {
    loaded.length = 0;
    await page.goto(`${host}/page`);
    await expect(frame.locator('[data-proof]')).toContainText('während Sie schreiben');
    await slowDown(page, 4);
    await frame.locator('#email').fill(stranger('framed'));
    await frame.locator('#consent-0').check();
    await expect(frame.locator('[data-proof]')).toContainText('erledigt', { timeout: 30_000 });
    await page.waitForTimeout(500);
    expect(await costsOf(page)).toEqual({ shifts: [], tasks: [] });
  }).toPass({ intervals: [0, 0, 0, 0], timeout: 120_000 });
  await slowDown(page, 1);
  const weights = await Promise.all(loaded.map(async (one) => [nameOf(one), await weightOf(one)] as const));
  const everything = JSON.stringify(weights);
  for (const part of ['embed.js', 'newsletter', '.css', 'FormProof', 'proof-worker']) {
    expect(everything).toContain(part);
  }
  expect(
    weights.reduce((sum, [, weight]) => sum + weight, 0),
    everything,
  ).toBeLessThan(20_000);
  await frame.locator('#submit').click();
  await expect(frame.locator('h1')).toContainText('Bitte prüfen Sie Ihr Postfach');

  await desk.goto('/staff/forms/newsletter/running');
  await desk.fill('#words_de', 'Ab Januar gern wieder.');
  await desk.click('button[value=close]');
  await expect(desk.getByRole('alert')).toContainText('in beiden Sprachen');
  await desk.fill('#words_en', 'Gladly again from January.');
  await desk.click('button[value=close]');
  await expect(desk.getByRole('status')).toContainText('geschlossen');
  await page.reload();
  await expect(frame.locator('.lead')).toHaveText('Ab Januar gern wieder.');
  // Longer than the loader waits for a form that says nothing.
  await page.waitForTimeout(3500);
  await expect(frame.locator('.lead')).toBeVisible();

  const own = await desk.context().newPage();
  expect((await own.goto('/f/newsletter?lang=en'))?.status()).toBe(410);
  await expect(own.locator('.lead')).toHaveText('Gladly again from January.');
  await press('newsletter', 'reopen');
  expect((await own.goto('/f/newsletter'))?.status()).toBe(200);
});

test('a stand clears itself and neither loses nor doubles a signup over a bad network', async ({
  browser,
}) => {
  await desk.goto('/staff/forms/fair/fair');
  await desk.click('main button[type=submit]');
  await expect(desk.getByRole('alert')).toContainText('wofür der Link ist');
  await desk.fill('#source', 'Messe Hannover');
  await desk.click('main button[type=submit]');
  await expect(desk.locator('.short-links a').first()).toHaveText(/\/k\/[2-9B-Z]{6}$/);
  const short = await desk.locator('.short-links a').first().textContent();
  await press('fair', 'proof_on');
  await desk.fill('#networkMost', '1');
  await desk.click('button[value=limits]');
  await expect(desk.getByRole('status')).toContainText('gelten ab sofort');

  const page = await (await browser.newContext({ locale: 'de-DE' })).newPage();
  await page.goto(short ?? '');
  await expect(page).toHaveURL(`${server.url}/f/fair?source=Messe+Hannover`);
  await page.clock.install();
  await page.goto(`${server.url}${await kioskFor('fair', 'Messe Hannover')}`);
  await expect(page.locator('.kiosk-pass')).toHaveCount(0);
  await page.click('#submit');
  await expect(page.getByRole('alert')).toContainText('mindestens ein Kästchen');
  const before = (await signups()).length;
  // More than one from one network, which only its pass allows. It clears itself, by a button or alone.
  for (const way of ['button', 'alone']) {
    await fill(page, stranger('stand'));
    await page.click('#submit');
    // The words are there from the start; only once they can be seen, time counts.
    await expect(page.locator('.kiosk-thanks [data-when=sent]')).toBeVisible();
    await expect(page.locator('.kiosk-thanks')).toContainText('in Ihrem Postfach');
    if (way === 'alone') await page.clock.fastForward(15_000);
    else await page.click('[data-act=next]');
    await expect(page.locator('#email')).toBeVisible();
    await expect(page.locator('#email')).toHaveValue('');
    await expect(page.locator('#consent-0')).not.toBeChecked();
  }

  // Left half filled in, it asks whether anybody is there, and then forgets what was typed.
  const left = stranger('left');
  await fill(page, left);
  await page.clock.fastForward(60_000);
  await expect(page.getByRole('alert')).toContainText('Sind Sie noch da?');
  await page.click('[data-act=stay]');
  await expect(page.locator('.kiosk-idle')).toBeHidden();
  await page.clock.fastForward(59_000);
  await expect(page.locator('#email')).toHaveValue(left);
  await page.clock.fastForward(1000);
  await expect(page.locator('.kiosk-idle')).toBeVisible();
  await page.clock.fastForward(20_000);
  await expect(page.locator('#email')).toHaveValue('');
  await expect(page.locator('#consent-0')).not.toBeChecked();
  expect(await page.content()).not.toContain(left);

  // The first time nothing arrives, the second time only the answer gets lost.
  let posts = 0;
  await page.route('**/f/fair?*', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    posts += 1;
    if (posts === 2) await route.fetch();
    return posts > 2 ? route.continue() : route.abort();
  });
  const email = stranger('stand');
  await fill(page, email);
  await page.click('#submit');
  await expect(page.locator('.kiosk-thanks [data-when=queued]')).toBeVisible();
  await expect(page.locator('.kiosk-thanks')).toContainText('sobald das Netz es zulässt');
  await page.click('[data-act=next]');
  await expect(page.locator('#email')).toHaveValue('');
  await expect(page.locator('.kiosk-unsent')).toContainText('noch nicht gesendet: 1');
  await page.clock.fastForward(3000);
  await expect.poll(() => posts).toBe(2);
  // Until the page knows that no answer came, and waits anew.
  await page.waitForTimeout(500);
  await page.clock.fastForward(6000);
  await expect(page.locator('.kiosk-unsent')).toHaveText('', { timeout: 20_000 });
  expect(posts).toBe(3);
  expect((await signups()).slice(before)).toEqual(
    Array(3).fill({ source: 'Messe Hannover', mails_sent: 1, test: 0 }),
  );
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([
    0,
    0,
    '',
  ]);
  expect((await mailsTo(mailDir, email)).length).toBeLessThanOrEqual(1);
});

test('a kiosk link that is ended still takes signups, as few as any other page, and tells the stand', async ({
  browser,
}) => {
  const page = await (await browser.newContext({ baseURL: server.url, locale: 'de-DE' })).newPage();
  const address = await kioskFor('fair', 'Messe Köln');
  await desk.click('.kiosks button[value=end]');
  await expect(desk.getByRole('status')).toContainText('beendet');
  await expect(desk.locator('.kiosks li').last()).toContainText('Beendet');
  const answer = await page.goto(address);
  expect(answer?.headers()['cache-control']).toBe('no-store');
  await expect(page.locator('.kiosk-pass')).toContainText('aus einem Netz nur 1 in 10 Minuten');
});

test('a stand without scripts is the plain form, and shows nobody what the one before typed', async () => {
  await press('fair', 'proof_off');
  const page = await desk.context().newPage();
  await page.goto('/f/fair?kiosk=1&source=Messe');
  const email = stranger('plain');
  await fill(page, email);
  await page.click('#submit');
  await page.waitForURL('**/sent?kiosk=1&source=Messe');
  await expect(page.locator('main')).not.toContainText(email);
  await page.getByRole('link', { name: 'Nächste Anmeldung' }).click();
  await expect(page).toHaveURL(`${server.url}/f/fair?kiosk=1&source=Messe`);
});

test('a form in test mode says so, and mails to its testers only', async ({ browser }) => {
  await desk.goto('/staff/forms/newsletter/running');
  const tester = stranger('tester');
  await desk.fill('#addresses', `${tester}\nnot an address`);
  await desk.click('button[value=test_on]');
  await expect(desk.getByRole('alert')).toContainText('not an address');
  await desk.fill('#addresses', tester);
  await desk.click('button[value=test_on]');
  await desk.fill('#networkMost', '50');
  await desk.click('button[value=limits]');
  await expect(desk.getByRole('status')).toContainText('gelten ab sofort');

  const page = await (await browser.newContext({ baseURL: server.url, locale: 'de-DE' })).newPage();
  const other = stranger('other');
  for (const email of [other, tester]) {
    await page.goto('/f/newsletter');
    await expect(page.locator('.test-band')).toContainText('Testbetrieb');
    await fill(page, email);
    await page.click('#submit');
    await expect(page.locator('h1')).toContainText('Bitte prüfen Sie Ihr Postfach');
  }
  await page.goto(await confirmLink(tester));
  await expect(page.locator('.test-band')).toContainText('keine Einwilligung');
  await page.click('button[value=confirm]');
  await expect(page.locator('.test-band')).toBeVisible();
  expect(await mailsTo(mailDir, other)).toEqual([]);
  const kinds = (await mailsTo(mailDir, tester)).map(({ kind }) => kind);
  expect(kinds).toEqual(['confirm-signup']);
  await press('newsletter', 'test_off');
  await page.goto('/f/newsletter');
  await expect(page.locator('.test-band')).toHaveCount(0);
});

test('a sheet of paper leads to the texts that are printed on it', async ({ browser }) => {
  const version = await inDatabase(({ db }) =>
    db.selectFrom('forms').select('current_version_id').where('key', '=', 'fair').executeTakeFirstOrThrow(),
  );
  const agent = await atDesk(browser, 'agent@example.org');
  await agent.goto(`/staff/permissions/capture/paper?form_version=${version.current_version_id}&paper=de`);
  await expect(agent.locator('.remark')).toContainText('fair, Fassung 1');
  const offered = await agent
    .locator('#text option')
    .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
  expect(offered.filter(Boolean).sort()).toEqual([
    'event-invitations/email/de@1.0',
    'event-invitations/phone/de@1.0',
    'product-news/email/de@1.0',
    'product-news/post/de@1.0',
    'service-calls/phone/de@1.0',
  ]);
  await agent.selectOption('#text', 'product-news/post/de@1.0');
  await agent.click('button[value=text]');
  await expect(agent.locator('.remark').first()).toContainText('fair, Fassung 1');
});

test('the pages of running a form are clean, light, dark and narrow', async ({ browser }) => {
  await press('newsletter', 'close');
  const page = await (await browser.newContext({ baseURL: server.url })).newPage();
  await page.context().addCookies(await desk.context().cookies());
  for (const path of ['fair/running', 'fair/fair', 'fair/fair/paper?paper=de']) {
    await page.goto(`/staff/forms/${path}`);
    expect(await faultsOn(page), path).toEqual([]);
  }
  await press('fair', 'proof_on');
  for (const path of ['/f/newsletter', '/f/fair?kiosk=1']) {
    await page.goto(path);
    expect(await faultsOn(page), path).toEqual([]);
  }
});
