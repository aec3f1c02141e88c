import { expect, test } from '@playwright/test';
import { codeAt } from '#tests/support/totp.ts';
import { axeFindings } from './axe.ts';
import { demoPassword, newMember, password, signedInAs, typeIn } from './staff-visit.ts';
import { answered, confirmed, mailOf, stranger } from './visit.ts';

test.use({ javaScriptEnabled: false, locale: 'de-DE' });

test.describe('signing in', () => {
  test('opens the desk with the demo password, keeps the way, and closes it again', async ({ page }) => {
    await page.goto('/staff/audit?act=account.signed_in');
    await expect(page).toHaveURL(/\/staff\/sign-in\?to=/);
    await page.fill('#email', 'auditor@example.org');
    await page.fill('#password', demoPassword);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/staff\/audit\?act=account\.signed_in$/);
    await page.click('text=Abmelden');
    await expect(page.locator('[role=status]')).toHaveText('Sie sind abgemeldet.');
    await page.goto('/staff/audit');
    await expect(page).toHaveURL(/sign-in/);
  });

  test('keeps the address and says one thing to whatever is wrong', async ({ page }) => {
    const told: (string | null)[] = [];
    for (const email of ['legal@example.org', stranger()]) {
      await typeIn(page, email, 'not the password');
      told.push(await page.locator('[role=alert]').textContent());
      await expect(page.locator('#email')).toHaveValue(email);
      await expect(page.locator('#password')).toHaveValue('');
    }
    expect(told[0]).toBe(told[1]);
    await expect(page).toHaveTitle(/^Fehler:/);
  });

  test('leads nowhere but to a desk', async ({ page }) => {
    for (const to of ['https://evil.example/', '//evil.example', '/staff/../demo', '/f/newsletter']) {
      await page.context().clearCookies();
      await page.goto(`/staff/sign-in?to=${encodeURIComponent(to)}`);
      await page.fill('#email', 'agent@example.org');
      await page.fill('#password', demoPassword);
      await page.click('main button[type=submit]');
      await expect(page, to).toHaveURL(/\/staff$/);
    }
  });

  test('sets a cookie for the desks only', async ({ page, context }) => {
    await typeIn(page, 'agent@example.org', demoPassword);
    const cookies = (await context.cookies()).sort((a, b) => a.name.localeCompare(b.name));
    const forDesks = { path: '/staff', httpOnly: true, sameSite: 'Lax' };
    expect(cookies).toMatchObject([
      { name: expect.stringMatching(/^jawort_known_/), ...forDesks },
      { name: 'jawort_staff', ...forDesks },
    ]);
    for (const path of ['/f/newsletter', '/preferences', '/demo', '/']) {
      const sent = page.waitForRequest((request) => new URL(request.url()).pathname === path);
      await page.goto(path);
      expect((await (await sent).allHeaders()).cookie, path).toBe(undefined);
    }
  });

  test('takes no form from a foreign page', async ({ request }) => {
    const form = { email: 'legal@example.org', password: demoPassword };
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const headers of foreign) {
      const answer = await request.post('/staff/sign-in', { form, headers, maxRedirects: 0 });
      expect(answer.status(), JSON.stringify(headers)).toBe(403);
    }
  });

  test('asks for a code once the second step is on, and takes a recovery code instead', async ({
    page,
    browser,
  }) => {
    const email = await newMember('legal');
    await typeIn(page, email, password);
    await page.goto('/staff/account/two-factor');
    await page.click('text=Einrichten');
    await expect(page.locator('.qr svg')).toBeVisible();
    const secret = ((await page.locator('main p code').textContent()) ?? '').replaceAll(' ', '');
    await page.fill('#code', '000000');
    await page.click('text=Einschalten');
    await expect(page.locator('#code-error')).toContainText('stimmt nicht');
    await page.fill('#code', codeAt(secret, new Date()));
    await page.click('text=Einschalten');
    await expect(page.locator('[role=status]')).toHaveText('Der zweite Schritt ist eingeschaltet.');
    const codes = await page.locator('.codes code').allTextContents();
    expect(codes).toHaveLength(10);

    const other = await (await browser.newContext({ locale: 'de-DE' })).newPage();
    await typeIn(other, email, password);
    await expect(other).toHaveURL(/\/staff\/code/);
    await other.goto('/staff/texts');
    await expect(other).toHaveURL(/\/staff\/code/);
    await other.fill('#code', codes[0]?.toUpperCase() ?? '');
    await other.keyboard.press('Enter');
    await expect(other).toHaveURL(/\/staff\/texts$/);
  });
});

test.describe('one’s own account', () => {
  test('ends the session at another desk', async ({ page, browser }) => {
    const email = await newMember('agent');
    const left = await signedInAs(browser, email);
    await typeIn(page, email, password);
    await page.goto('/staff/account');
    await page.click('text=Beenden');
    await expect(page.locator('[role=status]')).toHaveText('Die Anmeldung ist beendet.');
    await left.goto('/staff/account');
    await expect(left).toHaveURL(/sign-in/);
  });

  test('changes the password against the old one, and keeps the language', async ({ page }) => {
    const email = await newMember('agent');
    await typeIn(page, email, password);
    await page.goto('/staff/account');
    const change = async (current: string, wished: string) => {
      await page.fill('#current', current);
      await page.fill('#wished', wished);
      await page.click('button:has-text("Passwort ändern")');
    };
    await change('wrong password', 'six other quiet garden words');
    await expect(page.locator('#current-error')).toContainText('stimmt nicht');
    await change(password, 'password1234');
    await expect(page.locator('#wished-error')).toContainText('zu oft benutzt');
    await change(password, 'six other quiet garden words');
    await expect(page.locator('[role=status]')).toContainText('Das neue Passwort gilt');
    await page.selectOption('#locale', 'en');
    await page.click('text=Sprache speichern');
    await expect(page.locator('h1')).toHaveText('My account');
  });
});

test.describe('administering staff', () => {
  test('invites by mail, and the invited choose a password and come in', async ({ page, browser }) => {
    const admin = await newMember('admin');
    await typeIn(page, admin, password);
    await page.goto('/staff/people/new');
    const email = stranger('neu');
    await page.fill('#name', 'Nora Neu');
    await page.fill('#email', 'nora');
    await page.check('input[value=marketing]');
    await page.click('text=Einladung schicken');
    await expect(page.locator('#email-error')).toContainText('keine E-Mail-Adresse');
    await expect(page.locator('#name')).toHaveValue('Nora Neu');
    await expect(page.locator('input[value=marketing]')).toBeChecked();
    await page.fill('#email', email);
    await page.click('text=Einladung schicken');
    await expect(page.locator('[role=status]')).toHaveText('Die Einladung ist unterwegs.');

    const { text } = await mailOf(email, 'staff-invitation');
    const link = /\/staff\/password\/[\w-]+/.exec(text)?.[0] ?? '';
    const invited = await (await browser.newContext({ locale: 'de-DE' })).newPage();
    await invited.goto(link);
    await invited.fill('#password', 'kurz');
    await invited.keyboard.press('Enter');
    await expect(invited.locator('#password-error')).toContainText('mindestens 12 Zeichen');
    await invited.fill('#password', 'ein ganz neuer Satz');
    await invited.keyboard.press('Enter');
    await expect(invited.locator('[role=status]')).toContainText('gespeichert');
    expect((await invited.goto(link))?.status()).toBe(410);
    await typeIn(invited, email, 'ein ganz neuer Satz');
    await expect(invited.locator('h1')).toHaveText('Guten Tag, Nora Neu');
  });

  test('closes an account at once, and tells the history', async ({ page, browser }) => {
    const [admin, agent] = [await newMember('admin'), await newMember('agent')];
    const closed = await signedInAs(browser, agent);
    await typeIn(page, admin, password);
    await page.goto('/staff/people?q=Test+agent');
    await page.locator('tr', { hasText: agent }).getByRole('link').click();
    await page.click('text=Sperren');
    await expect(page.locator('[role=status]')).toHaveText('Geändert.');
    await expect(page.locator('.desk-history')).toContainText('Zugang geändert');
    await closed.goto('/staff');
    await expect(closed).toHaveURL(/sign-in/);
  });

  test('mails a way back in, the same to everyone', async ({ page }) => {
    const email = await newMember('agent');
    for (const address of [email, stranger()]) {
      await page.goto('/staff/password');
      await page.fill('#email', address);
      await page.keyboard.press('Enter');
      await expect(page.locator('[role=status]')).toContainText('Wenn die Adresse zu einem Zugang gehört');
    }
    const { text, headers } = await mailOf(email, 'staff-password-reset');
    expect(headers['auto-submitted']).toBe('auto-generated');
    await page.goto(/\/staff\/password\/[\w-]+/.exec(text)?.[0] ?? '');
    await page.fill('#password', 'six other quiet garden words');
    await page.keyboard.press('Enter');
    await expect(page.locator('[role=status]')).toContainText('gespeichert');
    await typeIn(page, email, 'six other quiet garden words');
    await expect(page).toHaveURL(/\/staff$/);
  });
});

test.describe('purposes and companies', () => {
  test('tell the second editor, and lose nothing of what was typed', async ({ page, browser }) => {
    const second = await signedInAs(browser, await newMember('legal'));
    await typeIn(page, await newMember('legal'), password);
    const address = '/staff/purposes/service-calls';
    await page.goto(address);
    await second.goto(address);
    await page.fill('#data_de', 'Name\nTelefonnummer\nKundennummer');
    await page.click('button:text-is("Speichern")');
    await expect(page.locator('[role=status]')).toHaveText('Gespeichert.');
    await second.fill('#data_en', 'name\nphone number\nserial number');
    await second.click('button:text-is("Speichern")');
    await expect(second.locator('[role=alert]')).toContainText('hat inzwischen gespeichert');
    await expect(second.locator('[role=alert]')).toContainText('Kundennummer');
    await expect(second.locator('#data_en')).toHaveValue('name\nphone number\nserial number');
    await second.click('button:text-is("Speichern")');
    await expect(second.locator('[role=status]')).toHaveText('Gespeichert.');
    await expect(second.locator('.desk-history')).toContainText('Zweck geändert');
  });

  test('say what is wrong, with the rule behind it, and keep everything', async ({ page }) => {
    await typeIn(page, await newMember('legal'), password);
    await page.goto('/staff/purposes/product-news');
    await page.fill('#title_de', '');
    await page.fill('#deny_email', '60');
    await page.fill('#party_name_0', 'Beispiel AG');
    await page.fill('#proof_years', '30');
    await page.click('button:text-is("Speichern")');
    const summary = page.locator('[role=alert]');
    await expect(summary).toContainText('Titel (Deutsch): fehlt noch.');
    await expect(summary).toContainText('AG München 161 C 12736/22');
    await expect(summary).toContainText('Unternehmen, Ort und Branche gehören zusammen');
    await expect(summary).toContainText('§ 31 Abs. 2 OWiG');
    for (const [field, value] of [
      ['#deny_email', '60'],
      ['#party_name_0', 'Beispiel AG'],
      ['#proof_years', '30'],
    ]) {
      await expect(page.locator(field ?? '')).toHaveValue(value ?? '');
    }
  });

  test('keep every version of a privacy notice', async ({ page }) => {
    await typeIn(page, await newMember('legal'), password);
    await page.goto('/staff/controllers/new');
    const key = `firma-${Date.now().toString(36)}`;
    for (const [field, value] of Object.entries({
      key,
      legal_name: 'Neue Firma GmbH',
      address: 'Weg 1, 63450 Hanau',
      privacy_email: 'datenschutz@firma.example',
      imprint: 'Neue Firma GmbH\nWeg 1, 63450 Hanau',
      version: '1.0',
      url: 'https://firma.example/datenschutz',
    })) {
      await page.fill(`#${field}`, value);
    }
    await page.click('main button.primary');
    await expect(page.locator('[role=status]')).toHaveText('Angelegt.');
    await page.fill('#version', '2.0');
    await page.fill('#url', 'https://firma.example/neu');
    await page.click('text=Fassung veröffentlichen');
    await expect(page.locator('main ul.plain li')).toHaveCount(2);
    await expect(page.locator('main ul.plain li').first()).toContainText('Fassung 2.0');
  });
});

test.describe('finding the way', () => {
  test('the search leads to a person, and the address never stands in a URL', async ({ page }) => {
    const email = stranger('searched');
    await confirmed(page, { email, consents: ['product-news:email'] });
    await typeIn(page, await newMember('agent'), password);
    const visited: string[] = [];
    page.on('request', (request) => visited.push(request.url()));
    await page.fill('#search', email);
    await answered(page, () => page.press('#search', 'Enter'));
    await expect(page).toHaveURL(/\/staff\/permissions\/[\w-]+$/);
    expect(visited.filter((url) => url.includes('searched'))).toEqual([]);
    await page.fill('#search', stranger('nobody'));
    await answered(page, () => page.press('#search', 'Enter'));
    await expect(page.getByRole('status')).toContainText('niemand bekannt');
    await answered(page, () => page.click('text=Mit dieser Adresse weiter'));
    await expect(page.locator('h2', { hasText: 'erfassen' }).first()).toBeVisible();
  });

  test('the search leads to texts and forms as well', async ({ page }) => {
    await typeIn(page, await newMember('marketing'), password);
    await page.fill('#search', 'newsletter');
    await answered(page, () => page.press('#search', 'Enter'));
    await page.locator('.hits a[href="/staff/forms/newsletter"]').click();
    await expect(page).toHaveURL(/\/staff\/forms\/newsletter$/);
  });

  test('on a telephone the work comes first and the menu opens without a script', async ({ page }) => {
    await typeIn(page, await newMember('legal'), password);
    await page.setViewportSize({ width: 390, height: 800 });
    const area = page.getByRole('navigation').getByRole('link', { name: 'Zwecke' });
    await expect(area).toBeHidden();
    await page.locator('nav summary').click();
    await area.click();
    await expect(page.locator('h1')).toHaveText('Zwecke');
  });

  test('a table is sorted, searched and sent on by its address', async ({ page }) => {
    await typeIn(page, 'admin@example.org', demoPassword);
    await page.goto('/staff/people?q=Legal');
    await page.locator('thead a', { hasText: 'Name' }).click();
    const names = await page.locator('tbody th').allInnerTexts();
    expect(names.length).toBeGreaterThan(1);
    expect(names).toEqual(names.toSorted((a, b) => b.localeCompare(a, 'de', { numeric: true })));
    expect(page.url()).toContain('q=Legal');
  });
});

test('what somebody sends after the session has ended is shown again, not lost', async ({
  page,
  context,
}) => {
  await typeIn(page, await newMember('legal'), password);
  await page.goto('/staff/controllers/muster-werkzeuge');
  await page.fill('#note', 'Zeile "eins" <b>');
  await page.fill('#version', '9.9');
  const cookies = await context.cookies();
  await context.clearCookies();
  await page.click('text=Fassung veröffentlichen');
  await expect(page.locator('h1')).toHaveText('Sie sind nicht mehr angemeldet');
  await context.addCookies(cookies);
  await page.click('text=Noch einmal senden');
  await expect(page.locator('#url-error')).toContainText('fehlt noch');
  await expect(page.locator('#note')).toHaveValue('Zeile "eins" <b>');
});

test.describe('the looks of the desks', () => {
  const addresses = [
    '/staff/sign-in',
    '/staff/password',
    '/staff',
    '/staff/account',
    '/staff/account/two-factor',
    '/staff/people',
    '/staff/people/new',
    '/staff/audit',
    '/staff/purposes',
    '/staff/purposes/partner-offers',
    '/staff/purposes/new',
    '/staff/controllers',
    '/staff/controllers/muster-werkzeuge',
    '/staff/search',
    '/staff/nope',
  ];
  // axe asks the page with scripts; the pages themselves have none.
  test.use({ javaScriptEnabled: true });

  for (const address of addresses) {
    test(`axe finds nothing on ${address}, and 320 pixels are enough`, async ({ page }) => {
      if (!/sign-in|password/.test(address)) await typeIn(page, 'admin@example.org', demoPassword);
      for (const locale of ['de', 'en']) {
        await page.goto(`${address}?lang=${locale}`);
        expect(await axeFindings(page)).toEqual([]);
        const width = () => page.evaluate(() => document.documentElement.scrollWidth);
        await page.setViewportSize({ width: 320, height: 640 });
        expect(await width()).toBeLessThanOrEqual(320);
        await page.setViewportSize({ width: 1280, height: 800 });
      }
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await axeFindings(page, { rules: ['color-contrast'] })).toEqual([]);
    });
  }
});
