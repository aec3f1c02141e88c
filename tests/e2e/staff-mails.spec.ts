import { expect, test } from '@playwright/test';
import { newMember, signedInAs } from './staff-visit.ts';
import { fillIn, stranger, withServerState } from './visit.ts';

test('the desk for mails lists what was given up and sends it again, without JavaScript', async ({
  browser,
}) => {
  const page = await signedInAs(browser, await newMember('agent'));
  const visitor = await (await browser.newContext()).newPage();
  await fillIn(visitor, { email: stranger(), consents: ['product-news:email'] });
  const reason = `550 5.7.1 no ${Date.now()}`;
  await withServerState(async ({ db }) => {
    const { id } = await db
      .selectFrom('mails')
      .select('id')
      .where('kind', '=', 'confirm-signup')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('mails')
      .set({ state: 'failed', provider_answer: reason })
      .where('id', '=', id)
      .execute();
  });
  await page.goto('/staff/mails');
  const row = page.locator('tr', { hasText: reason });
  await expect(row).toContainText('Bestätigung einer Anmeldung');
  await row.locator('button').click();
  await expect(page.locator('[role=status]')).toContainText('Die E-Mail ist wieder eingereiht');
  await expect(page.locator('tr', { hasText: reason })).toHaveCount(0);
});
