import { type Browser, expect, type Page, test } from '@playwright/test';
import { sql } from 'kysely';
import { emptyDraft } from '#src/forms/form-draft.ts';
import { publishForm } from '#src/forms/publish-form.ts';
import { newId } from '#src/ids/new-id.ts';
import { axeFindings } from './axe.ts';
import { answered, confirmed, mailOf, stranger, withServerState } from './visit.ts';

test.use({ locale: 'de-DE' });
// One text has one life; two of these at once would meet in the same draft.
test.describe.configure({ mode: 'serial' });

const address = '/staff/texts/price-list/sms/de';
const key = `prices-${Date.now().toString(36)}`;

async function signedIn(browser: Browser, who: string, options = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'de-DE', ...options });
  const page = await context.newPage();
  await page.goto('/staff/sign-in');
  await page.fill('input[name=email]', `${who}@example.org`);
  await page.fill('input[name=password]', 'demo-jawort');
  await answered(page, () => page.keyboard.press('Enter'));
  await page.waitForURL('**/staff');
  return page;
}

/** A form of its own: new words on one that other tests have open would take theirs away. */
async function openForm(): Promise<void> {
  const words = { heading: 'Preisliste', intro: 'Preise per SMS.' };
  await withServerState(({ db }) =>
    db.transaction().execute(async (tx) => {
      const { id: controller_id } = await tx.selectFrom('controllers').select('id').executeTakeFirstOrThrow();
      const id = newId();
      const at = new Date().toISOString();
      await tx
        .insertInto('forms')
        .values({
          id,
          key,
          controller_id,
          default_locale: 'de',
          allowed_origins: '[]',
          confirm_within_hours: 72,
          current_version_id: null,
          closed_at: null,
          archived_at: null,
          created_at: at,
        })
        .execute();
      const fields = [
        { name: 'email', required: true },
        { name: 'phone', required: true },
      ] as const;
      const draft = {
        ...emptyDraft,
        fields: [...fields],
        consents: ['price-list:sms'],
      };
      await publishForm(tx, id, { ...draft, words: { de: words, en: words } }, at);
    }),
  );
}

test("a text goes from one lawyer's draft over another's approval to the form, the mail and the preference centre", async ({
  browser,
  page,
}) => {
  test.setTimeout(120_000);
  await openForm();
  const legal = await signedIn(browser, 'legal');
  await legal.goto(address);
  await answered(legal, () => legal.click('button[value=live]'));
  const words = await legal.inputValue('#wording');
  const better = words.replace('Mehr steht', 'Alles Weitere steht');

  await legal.fill('#wording', words.replace('darf mir', 'darf mir von uns und unseren Partnern'));
  await expect(legal.locator('mark.error')).toHaveText('Partnern');
  await legal.click('button[value=send]');
  await expect(legal.getByRole('alert')).toContainText('Eine Beanstandung verhindert das');
  const finding = legal.locator('.findings .error');
  await expect(finding).toContainText('BGH VI ZR 721/15');
  await expect(finding.locator('.good')).toContainText('Muster GmbH');
  await expect(legal.locator('#check')).toContainText('keine rechtliche Freigabe');

  await legal.fill('#wording', better);
  await legal.fill('#note', 'Klarer gesagt.');
  await answered(legal, () => legal.click('button[value=save]'));
  for (const box of await legal.locator('input[name=acknowledge]').all()) await box.check();
  if (await legal.locator('button[value=acknowledge]').count())
    await answered(legal, () => legal.click('button[value=acknowledge]'));
  await legal.click('button[value=send]');
  await expect(legal.getByRole('status').first()).toContainText('liegt zur Prüfung');
  await legal.goto(`${address}/review`);
  await expect(legal.locator('button[value=approve]')).toHaveCount(0);

  const legal2 = await signedIn(browser, 'legal2');
  await legal2.goto(`${address}/review`);
  await expect(legal2.locator('.diff ins').first()).toHaveText(/Alles/);
  await legal2.fill('#note', 'Verglichen und geprüft.');
  await answered(legal2, () => legal2.click('button[value=approve]'));
  const hash = await legal2.locator('[data-hash]').textContent();
  await legal2.click('button[value=once]');
  await expect(legal2.getByRole('status').first()).toContainText('Der Text gilt');

  await page.goto(`/f/${key}?lang=de`);
  await expect(page.locator('[data-consent-text]').first()).toHaveText(better);
  const email = stranger();
  const told = await confirmed(page, {
    email,
    form: key,
    consents: ['price-list:sms'],
    fields: { phone: '+49 151 23456789' },
  });
  const asked = await mailOf(email, 'confirm-signup');
  expect(asked.text.replace(/\s+/g, ' ')).toContain(better);
  await page.goto(told.links.manage ?? '');
  await expect(page.locator('[data-consent-text]').filter({ hasText: better }).first()).toHaveText(better);
  const form = await page.request.get(`/f/${key}?lang=de`);
  expect(await form.text()).toContain(better);

  await withServerState(async ({ db }) => {
    const version = await db
      .selectFrom('consent_text_versions')
      .selectAll()
      .where('sha256', '=', hash ?? '')
      .where('state', '=', 'live')
      .executeTakeFirstOrThrow();
    expect(version.wording).toBe(better);
    const { definition } = await db
      .selectFrom('forms')
      .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
      .select('definition')
      .where('forms.key', '=', key)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(definition).consents[0].texts.de).toMatchObject({ wording: better, sha256: hash });
    const change = sql`UPDATE consent_text_versions SET wording = 'Ja.' WHERE id = ${version.id}`;
    await expect(change.execute(db)).rejects.toThrow(/never changed/);
  });
});

test('two people at one draft: the second is told whose it is, and loses nothing', async ({ browser }) => {
  const place = '/staff/texts/event-invitations/email/de';
  const [legal, legal2] = [await signedIn(browser, 'legal'), await signedIn(browser, 'legal2')];
  await legal2.goto(place);
  await legal.goto(place);
  await answered(legal, () => legal.click('button[value=live]'));
  await answered(legal2, () => legal2.click('button[value=live]'));
  await expect(legal2.getByRole('alert')).toContainText('Lena Legal');
  await legal2.goto(`${place}/edit`);
  const words = await legal2.inputValue('#wording');
  await legal.fill('#wording', `${words} Eins.`);
  await answered(legal, () => legal.click('button[value=save]'));
  await legal2.fill('#wording', `${words} Zwei.`);
  await legal2.click('button[value=save]');
  await expect(legal2.getByRole('alert')).toContainText('Nichts ist verloren');
  await expect(legal2.locator('#other del')).toHaveText(/Eins/);
  await expect(legal2.locator('#wording')).toHaveValue(`${words} Zwei.`);
  await legal2.click('button[value=discard]');
  await expect(legal2.getByRole('status').first()).toContainText('verworfen');
});

test('by keyboard, without JavaScript: a draft is begun, checked and discarded', async ({ browser }) => {
  const page = await signedIn(browser, 'legal', { javaScriptEnabled: false });
  await page.goto('/staff/texts/service-calls/phone/de');
  await page.locator('button[value=live]').focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/edit$/);
  await page.locator('#wording').focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' Auch von unseren Partnern.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('mark.error').first()).toBeVisible();
  await page.locator('button[value=discard]').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').first()).toContainText('verworfen');
});

test('a reader sees every text and is offered no act', async ({ browser }) => {
  const page = await signedIn(browser, 'auditor');
  await page.goto(address);
  await expect(page.locator('#acts button')).toHaveCount(0);
  expect((await page.goto(`${address}/edit`))?.status()).toBe(403);
  const pdf = await page.request.get(`${address}/history.pdf`);
  expect(pdf.headers()['content-type']).toBe('application/pdf');
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
});

test('one lawyer stops a text, another makes it invalid, and the desk lists and tells those affected', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const viewport = { width: 320, height: 800 };
  const legal = await signedIn(browser, 'legal', { viewport, javaScriptEnabled: false });
  const formStatus = async () => (await legal.request.get(`/f/${key}`)).status();
  const stop = async () => {
    await legal.goto(address);
    await legal.locator('#stop summary').click();
    await legal.fill('#stop-reason', 'Der Wortlaut wird geprüft.');
    await answered(legal, () => legal.click('button[value=stop]'));
  };
  await legal.goto(address);
  await expect(legal.locator('button[value=invalidate]')).toHaveCount(0);
  await legal.locator('#stop summary').click();
  await expect(legal.locator('#stop')).toContainText(key);
  await answered(legal, () => legal.click('button[value=stop]'));
  await expect(legal.getByRole('alert')).toContainText('Grund fehlt');
  expect(await formStatus()).toBe(200);
  await stop();
  await expect(legal.getByRole('status').first()).toContainText('gestoppt');
  await expect(legal.locator('.work .chips')).toHaveText(/gestoppt/);
  await expect(legal.locator('.work .chips')).not.toHaveText(/Gilt/);
  expect(await formStatus()).toBe(410);
  await legal.goto(`/staff/forms/${key}`);
  await expect(legal.locator('.remark')).toContainText('price-list:sms');
  await legal.goto(address);
  await answered(legal, () => legal.click('button[value=resume]'));
  expect(await formStatus()).toBe(200);
  await stop();
  await expect(legal.locator('button[value=invalidate]')).toHaveCount(0);

  const legal2 = await signedIn(browser, 'legal2', { viewport });
  await legal2.goto(address);
  await legal2.locator('#invalidate summary').click();
  await legal2.fill('#invalidate-reason', 'LG Hanau, 1. November.');
  await answered(legal2, () => legal2.click('button[value=invalidate]'));
  await expect(legal2.locator('.work .chips')).toHaveText(/ungültig/);
  await legal2.goto('/staff/texts/print');
  await expect(legal2.locator('article', { hasText: 'price-list/sms/de@' })).toContainText('(ungültig)');

  await legal2.goto(address);
  await legal2.getByRole('link', { name: 'Betroffene Formulare und Menschen' }).click();
  await expect(legal2.locator('main')).toContainText(key);
  expect(await axeFindings(legal2)).toEqual([]);
  expect(
    await legal2.evaluate(() => document.body.scrollWidth - document.documentElement.clientWidth),
  ).toBeLessThanOrEqual(0);
  const [file] = await Promise.all([
    legal2.waitForEvent('download'),
    legal2.click('button[value=export]', { noWaitAfter: true }),
  ]);
  expect(file.suggestedFilename()).toMatch(/^affected-price-list-sms-de-/);
  await answered(legal2, () => legal2.click('button[value=tell]'));
  await expect(legal2.locator('.remark')).toContainText('Beauftragt');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page passes axe and fits 320 pixels, ${colorScheme}`, async ({ browser }) => {
    test.setTimeout(90_000);
    const viewport = { width: 320, height: 800 };
    const page = await signedIn(browser, 'legal', { colorScheme, viewport });
    const place = `/staff/texts/partner-offers/email/${colorScheme === 'light' ? 'de' : 'en'}`;
    await page.goto(place);
    await answered(page, () => page.click('button[value=live]'));
    const pages = [
      '/staff/texts',
      place,
      `${place}?tab=form`,
      `${place}?tab=preferences`,
      `${place}?tab=receipt`,
    ];
    for (const one of [...pages, `${place}/edit`, `${place}/print`, '/staff/texts/print']) {
      await page.goto(one);
      expect(await axeFindings(page, { except: 'iframe' }), one).toEqual([]);
      const over = await page.evaluate(
        () => document.body.scrollWidth - document.documentElement.clientWidth,
      );
      expect(over, one).toBeLessThanOrEqual(0);
    }
  });
}
