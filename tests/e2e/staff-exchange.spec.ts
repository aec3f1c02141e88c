import { expect, test } from '@playwright/test';
import { axeFindings } from './axe.ts';
import { newMember, password, signedInAs, typeIn } from './staff-visit.ts';
import { stranger } from './visit.ts';

test.describe('the desks of the exchange, without JavaScript', () => {
  test('makes a key, shows it once, and closes the door behind it', async ({ browser, request }) => {
    test.slow();
    const page = await signedInAs(browser, await newMember('admin'));
    await page.goto('/staff/keys');
    await page.click('button[value=make]');
    await expect(page.locator('[role=alert]')).toContainText('Wählen Sie mindestens eines aus');
    const name = `CRM ${stranger()}`;
    await page.fill('#name', name);
    await page.check('input[value=decide]');
    await page.click('button[value=make]');
    const key = await page.locator('.shown-once code').textContent();
    const ask = () =>
      request.post('/api/v1/decisions', {
        headers: { Authorization: `Bearer ${key}` },
        data: { purpose: 'product-news', channel: 'email', contact_points: ['anna@example.org'] },
      });
    expect((await ask()).status()).toBe(200);
    await page.goto('/staff/keys');
    expect(await page.content()).not.toContain(key);
    const row = page.locator('tr', { hasText: name });
    await expect(row).not.toContainText('noch nie');
    await row.locator('button').click();
    await expect(page.locator('[role=status]')).toContainText('Der Schlüssel ist widerrufen');
    expect((await ask()).status()).toBe(401);

    await page.goto('/staff/webhooks');
    await page.fill('#url', 'https://user:word@example.org/');
    await page.click('main form button.primary');
    await expect(page.locator('[role=alert]')).toContainText('kein Passwort');
    await page.fill('#url', 'http://127.0.0.1:9/hook');
    await page.check('input[value="suppression.added"]');
    await page.click('main form button.primary');
    await expect(page.locator('.shown-once code')).toContainText('whsec_');
    await page.locator('th a', { hasText: '127.0.0.1:9' }).click();
    await page.click('button[value=rotate]');
    await expect(page.locator('.shown-once code')).toContainText('whsec_');
    await page.click('summary:has-text("entfernen")');
    await page.click('button[value=remove]');
    await expect(page.locator('[role=status]')).toContainText('entfernt');
    await page.context().close();
  });

  test('lets a powerful key work once somebody else has approved it', async ({ browser, request }) => {
    test.slow();
    const admin = await signedInAs(browser, await newMember('admin'));
    const name = `Sync ${stranger()}`;
    await admin.goto('/staff/keys');
    await admin.fill('#name', name);
    await admin.check('input[value=decide]');
    await admin.check('input[value=admin]');
    await admin.click('button[value=make]');
    await expect(admin.locator('.shown-once')).toContainText('wenn jemand anderes');
    const key = await admin.locator('.shown-once code').textContent();
    const ask = () => request.get('/api/v1/webhooks', { headers: { Authorization: `Bearer ${key}` } });
    expect((await ask()).status()).toBe(401);
    await admin.goto('/staff/keys');
    const review = (page: typeof admin) => page.locator('tr', { hasText: name }).getByRole('link');
    await review(admin).click();
    await expect(admin.locator('main')).toContainText('Sie haben diesen Schlüssel selbst angelegt');
    await expect(admin.locator('button[value=approve]')).toHaveCount(0);

    const legal = await signedInAs(browser, await newMember('legal'));
    await legal.goto('/staff');
    await legal.locator('.work-list a[href="/staff/keys"]').click();
    await expect(legal.locator('button[value=make]')).toHaveCount(0);
    await review(legal).click();
    await expect(legal.locator('main')).toContainText('Importe ohne zweite Person einspielen');
    await legal.click('button[value=approve]');
    await expect(legal.locator('[role=status]')).toContainText('Der Schlüssel gilt ab sofort');
    expect((await ask()).status()).toBe(200);
    await admin.context().close();
    await legal.context().close();
  });

  test('takes a file from one and lets another release it, and gives the list out', async ({ browser }) => {
    test.slow();
    const agent = await signedInAs(browser, await newMember('agent'));
    const email = stranger();
    const file = `E-Mail;Datum;Quelle;Beleg\n${email};2026-01-10;altes CRM;p-1\n${stranger()};2026-01-10;altes CRM;\n`;
    await agent.goto('/staff/imports/new');
    await agent.setInputFiles('#file', {
      name: 'crm.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(file),
    });
    await agent.click('main form button.primary');
    await expect(agent.locator('[name=from_contact_point]')).toHaveValue('E-Mail');
    await agent.click('button[value=match]');
    await expect(agent.locator('[role=alert]')).toContainText('noch nicht zugeordnet');
    const fixed = {
      channel: 'email',
      purpose: 'product-news',
      text_version: 'product-news/email/de@1.0',
      captured_by: 'CRM',
    };
    for (const [name, value] of Object.entries(fixed)) await agent.fill(`[name=fixed_${name}]`, value);
    await agent.selectOption('[name=from_confirmed_at]', 'Datum');
    await agent.click('button[value=match]');
    await expect(agent.locator('main')).toContainText('wartet auf Freigabe');
    await expect(agent.locator('main')).toContainText('proof_ref');
    await expect(agent.locator('button[value=release]')).toHaveCount(0);

    const legal = await signedInAs(browser, await newMember('legal'));
    await legal.goto(agent.url());
    await legal.click('button[value=release]');
    await expect(legal.locator('main')).toContainText('Alle Zeilen sind eingespielt');

    const marketing = await signedInAs(browser, await newMember('marketing'));
    await marketing.goto('/staff/exports');
    await marketing.selectOption('#for', 'product-news:email');
    const [download] = await Promise.all([
      marketing.waitForEvent('download'),
      marketing.click('button[value=contactable]'),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toContain(email);
    for (const page of [agent, legal, marketing]) await page.context().close();
  });
});

test.describe('axe finds nothing, and nothing is wider than 320 pixels', () => {
  for (const desk of ['keys', 'mails', 'webhooks', 'imports', 'imports/new', 'exports']) {
    test(`on /staff/${desk}`, async ({ page }) => {
      test.slow();
      await typeIn(page, await newMember('admin'), password);
      await page.waitForURL('**/staff');
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(`/staff/${desk}?lang=de`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      expect(await axeFindings(page)).toEqual([]);
    });
  }
});
