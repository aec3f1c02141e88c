import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { demoPurposes } from '#db/demo/demo-data.ts';
import { answered, confirmed, fillIn, formVersion, mailOf, standing, stranger } from './visit.ts';

test.use({ javaScriptEnabled: false, locale: 'de-DE' });

test.describe('GET /f/{form}', () => {
  for (const locale of ['de', 'en'] as const) {
    test(`shows exactly the approved wording as the label of each box, in ${locale}`, async ({ page }) => {
      await page.goto(`/f/fair?lang=${locale}`);
      await expect(page.locator('html')).toHaveAttribute('lang', locale);
      const boxes = page.locator('input[name=consent]');
      expect(await boxes.count()).toBe(5);
      for (const box of await boxes.all()) {
        const [key, channel] = (await box.getAttribute('value'))?.split(':') ?? [];
        const texts = demoPurposes.find((purpose) => purpose.key === key)?.texts ?? {};
        const wording = texts[channel as keyof typeof texts]?.[locale];
        const label = page.locator(`label[for="${await box.getAttribute('id')}"]`);
        const shown = await label.locator('[data-consent-text]').evaluate((element) => element.textContent);
        expect(hash(shown ?? '')).toBe(hash(wording ?? 'no wording'));
        await expect(box).not.toBeChecked();
      }
    });
  }

  test('speaks the language that is asked for, then that of the browser, then its own', async ({
    request,
  }) => {
    const langOf = async (query: string, accept?: string) => {
      const answer = await request.get(`/f/newsletter${query}`, {
        headers: accept ? { 'Accept-Language': accept } : {},
      });
      return /<html lang="(\w+)"/.exec(await answer.text())?.[1];
    };
    expect(await langOf('?lang=en', 'de')).toBe('en');
    expect(await langOf('', 'en-GB,en;q=0.9')).toBe('en');
    expect(await langOf('', 'fr')).toBe('de');
  });

  test('names third parties one by one under their purpose', async ({ page }) => {
    await page.goto('/f/newsletter');
    await expect(page.getByRole('group', { name: /Beispiel Versicherung AG/ })).toContainText(
      'Beispiel Versicherung AG, Köln (Versicherungen)',
    );
  });

  test('never ticks a box, whatever the address says', async ({ page }) => {
    await page.goto('/f/newsletter?consent=product-news:email&email=x@example.org&checked=1');
    await expect(page.locator('input:checked')).toHaveCount(0);
    await expect(page.locator('#email')).toHaveValue('');
  });

  test('keeps the rest of the address when the language is switched', async ({ page }) => {
    await page.goto('/f/newsletter?source=flyer+7');
    await page.click('a[hreflang=en]');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.locator('input[name=source]')).toHaveValue('flyer 7');
  });
});

test.describe('POST /f/{form}', () => {
  test('shows faults with everything typed still there', async ({ page }) => {
    await fillIn(page, {
      email: 'anna@',
      form: 'fair',
      consents: ['event-invitations:phone'],
      fields: { given_name: 'Anna <b>', phone: '' },
    });
    await expect(page).toHaveTitle(/^Fehler: /);
    const summary = page.getByRole('alert');
    await expect(summary).toBeFocused();
    await summary.getByRole('link').first().click();
    await expect(page).toHaveURL(/#email$/);
    await expect(page.locator('#email')).toHaveValue('anna@');
    await expect(page.locator('#email')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.locator('#email')).toHaveAccessibleDescription(/Fehler: Diese E-Mail-Adresse/);
    await expect(page.locator('#phone-error')).toContainText('Telefonnummer');
    await expect(page.locator('#given_name')).toHaveValue('Anna <b>');
    await expect(page.locator('input[value="event-invitations:phone"]')).toBeChecked();
    await expect(page.locator('input:checked')).toHaveCount(1);
  });

  test('asks for a box when none is ticked', async ({ page }) => {
    await fillIn(page, { email: stranger(), consents: [] });
    await page.getByRole('alert').getByRole('link').click();
    await expect(page.locator('#consent-error')).toBeVisible();
  });

  test('carries what was typed into the other language, but no tick to other words', async ({ page }) => {
    await fillIn(page, { email: 'anna@', consents: ['product-news:email'] });
    await page.click('button[name=show_in]');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.locator('#email')).toHaveValue('anna@');
    await expect(page.locator('input:checked')).toHaveCount(0);
    await expect(page.getByRole('status')).toContainText('Please tick your boxes again');
  });

  test('echoes markup and direction marks as text', async ({ request }) => {
    const typed = '"><script>alert(1)</script>\u202e&amp;';
    const answer = await request.post('/f/newsletter', {
      form: { email: typed, source: typed, form_version: await formVersion(request) },
    });
    expect(answer.status()).toBe(422);
    const html = await answer.text();
    expect(html).not.toContain('<script');
    expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;\u202e&#38;amp;');
  });

  test('says the same to a stranger and to a subscriber', async ({ page }) => {
    const known = stranger('known');
    await confirmed(page, { email: known, consents: ['product-news:email'] });
    const pages: string[] = [];
    for (const email of [stranger('new'), known]) {
      await fillIn(page, { email, consents: ['product-news:email'] });
      await expect(page).toHaveURL(/\/sent\?s=[\w-]{80,}$/);
      const text = (await page.locator('main').textContent()) ?? '';
      pages.push(text.replace(email, '…').replace(/\d{1,2}:\d\d/, '…'));
    }
    expect(pages[1]).toBe(pages[0]);
  });

  test('answers a robot in the trap like everyone, and records nothing', async ({ request }) => {
    const email = stranger('robot');
    const form = {
      email,
      consent: 'product-news:email',
      form_version: await formVersion(request),
      remarks: 'Buy now',
    };
    const answer = await request.post('/f/newsletter', { form, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    expect(answer.headers().location).toMatch(/^\/f\/newsletter\/sent\?s=[\w-]{80,}$/);
    expect(await standing(email)).toEqual({});
  });

  test('answers a program in JSON', async ({ request }) => {
    const headers = { Accept: 'application/json' };
    const form = {
      email: stranger(),
      consent: 'product-news:email',
      form_version: await formVersion(request),
    };
    const accepted = await request.post('/f/newsletter', { form, headers });
    expect(accepted.status()).toBe(202);
    expect(await accepted.json()).toEqual({ status: 'confirmation_sent' });
    const refused = await request.post('/f/newsletter', { form: { ...form, email: 'x' }, headers });
    expect(refused.status()).toBe(422);
    expect(refused.headers()['content-type']).toBe('application/problem+json');
    expect(await refused.json()).toMatchObject({ errors: [{ pointer: '/email', code: 'invalid' }] });
  });

  test('shows the form again when nobody knows its version', async ({ page, request }) => {
    const form = {
      email: 'anna@example.org',
      consent: 'product-news:email',
      form_version: crypto.randomUUID(),
    };
    const answer = await request.post('/f/newsletter?lang=de', { form });
    expect(answer.status()).toBe(422);
    await page.setContent(await answer.text());
    await expect(page.getByRole('alert')).toContainText('welche Fassung');
    await expect(page.locator('input:checked')).toHaveCount(0);
    await expect(page.locator('#email')).toHaveValue('anna@example.org');
  });

  test('asks about a likely slip in the address, and lets it pass', async ({ page }) => {
    await fillIn(page, { email: 'anna@homtail.com', consents: ['product-news:email'] });
    await expect(page.locator('main')).toContainText('Meinten Sie anna@hotmail.com?');
  });

  test('remembers where the person came from', async ({ page }) => {
    const email = stranger();
    await fillIn(page, { email, consents: ['product-news:email'], query: 'lang=de&source=flyer%207' });
    const { links } = await mailOf(email, 'confirm-signup');
    await page.goto(links.confirm ?? '');
    await answered(page, () => page.click('button[value=confirm]'));
    const told = await mailOf(email, 'permissions-changed');
    await page.goto(told.links.manage ?? '');
    await expect(page.locator('main')).toContainText('flyer 7');
  });
});

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
