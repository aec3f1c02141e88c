import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { signupLimits } from '#src/limits/defaults.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { startBuilt } from '#tests/support/built-server.ts';
import { answered, confirmed, fillIn, mailOf, standing, stranger, withServerState } from './visit.ts';

test.use({ javaScriptEnabled: false, locale: 'de-DE' });

test.describe('a confirmation link that has run out', () => {
  test('says so with 410 and sends a new one to the same address', async ({ page }) => {
    const email = stranger('late');
    await fillIn(page, { email, consents: ['product-news:email'] });
    const first = await mailOf(email, 'confirm-signup');
    await withServerState(({ db, keys }) =>
      db
        .updateTable('signups')
        .set({ expires_at: '2026-01-01T00:00:00.000Z' })
        .where('contact_point_id', 'in', (eb) =>
          eb
            .selectFrom('contact_points')
            .select('id')
            .where('lookup_hash', '=', lookupHash(keys, 'email', email)),
        )
        .execute(),
    );
    const answer = await page.goto(first.links.confirm ?? '');
    expect(answer?.status()).toBe(410);
    await expect(page.locator('main')).not.toContainText(email);
    await page.click('button[value=resend]');
    await expect(page.locator('h1')).toHaveText('Es gibt einen neueren Link');
    await expect(page.getByRole('status')).toContainText('unterwegs');
    const second = await mailOf(email, 'confirm-signup', 2);
    await page.goto(second.links.confirm ?? '');
    await answered(page, () => page.click('button[value=confirm]'));
    expect(await standing(email)).toEqual({ 'product-news:email': 'granted' });
  });
});

test.describe('a manage link from an old mail', () => {
  test('shows the states only, lets one withdraw and sends a fresh one', async ({ page }) => {
    const email = stranger('old');
    await confirmed(page, { email, consents: ['product-news:email', 'event-invitations:email'] });
    const link = await linkOf(email, '2026-01-01T00:00:00.000Z', 0);
    await page.goto(link);
    await expect(page.locator('main')).toContainText('ol••@example.org');
    await expect(page.locator('main')).not.toContainText(email);
    await expect(page.getByRole('heading', { name: 'Verlauf', exact: true })).toHaveCount(0);
    await page.check('input[name="p:product-news:email"][value=no]');
    await answered(page, () => page.click('text=Änderungen speichern'));
    expect(await standing(email)).toMatchObject({ 'product-news:email': 'withdrawn' });
    await page.click('text=Neuen Link per E-Mail anfordern');
    await expect(page.getByRole('status')).toContainText('auf dem Weg');
    const { links } = await mailOf(email, 'manage-link');
    await page.goto(links.manage ?? '');
    await expect(page.getByRole('heading', { name: 'Verlauf', exact: true })).toBeVisible();
  });

  test('is 410 once it is revoked', async ({ page }) => {
    const email = stranger('revoked');
    await confirmed(page, { email, consents: ['product-news:email'] });
    const answer = await page.goto(await linkOf(email, new Date().toISOString(), 7));
    expect(answer?.status()).toBe(410);
    await expect(page.locator('h1')).toHaveText('Dieser Link gilt nicht mehr');
  });
});

test.describe('too many signups from one network', () => {
  test('wait, with everything typed still there', async ({ page }) => {
    // A server of its own.
    test.slow();
    const folder = mkdtempSync(join(tmpdir(), 'jawort-limits-'));
    const server = await startBuilt(folder, { LIMITS: 'on', LOG_LEVEL: 'silent' });
    try {
      const email = stranger('eager');
      const form = `${server.url}/f/newsletter?lang=de`;
      await page.goto(form);
      const version = await page.locator('input[name=form_version]').inputValue();
      const others = Array.from({ length: signupLimits.perNetwork.most }, (_, place) =>
        page.request.post(form, {
          form: { email: `${place}-${email}`, consent: 'product-news:email', form_version: version },
          maxRedirects: 0,
        }),
      );
      for (const answer of await Promise.all(others)) expect(answer.status()).toBe(303);
      await page.fill('#email', `last-${email}`);
      await page.check('#consent-0');
      const sent = page.waitForResponse((response) => response.request().method() === 'POST');
      await answered(page, () => page.click('#submit'));
      const answer = await sent;
      expect(answer.status()).toBe(429);
      expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(0);
      await expect(page.getByRole('alert')).toContainText('viele Anfragen');
      await expect(page.locator('#email')).toHaveValue(`last-${email}`);
      await expect(page.locator('#consent-0')).toBeChecked();
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function linkOf(email: string, issuedAt: string, generation: number): Promise<string> {
  return withServerState(async ({ db, keys }) => {
    const { id } = await db
      .selectFrom('contact_points')
      .select('id')
      .where('lookup_hash', '=', lookupHash(keys, 'email', email))
      .executeTakeFirstOrThrow();
    return `/p/${manageLink(keys, id, generation, new Date(issuedAt))}`;
  });
}
