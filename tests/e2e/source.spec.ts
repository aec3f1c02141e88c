import { gunzipSync } from 'node:zlib';
import { type APIRequestContext, expect, test } from '@playwright/test';
import { screenNames } from '#src/pages/demo/screens/_names.ts';
import { newMember, signedInAs } from './staff-visit.ts';

const pages = [
  '/',
  '/f/newsletter',
  '/f/fair?kiosk=1',
  '/preferences',
  '/preferences/sent',
  '/nothing',
  '/p/x',
  '/u/x',
  '/confirm/x',
  '/source',
  '/demo',
  '/demo/mailbox',
  '/demo/embed',
  '/demo/screens',
  // A form in a frame has no footer.
  ...screenNames.filter((name) => name !== 'form-embedded').map((name) => `/demo/screens/${name}`),
  '/staff/sign-in',
  '/staff/password',
  '/api/v1/docs',
];

const footerOf = async (request: APIRequestContext, path: string) => {
  const html = await (await request.get(path, { headers: { Accept: 'text/html' } })).text();
  return /<footer[\s\S]*<\/footer>/.exec(html)?.[0] ?? '';
};

test.describe('the source of what runs', () => {
  for (const path of pages) {
    test(`is a step away from ${path}`, async ({ request }) => {
      expect(await footerOf(request, path)).toMatch(/href="\/source\?lang=(de|en)"/);
    });
  }

  test('is a step away from every desk', async ({ browser }) => {
    const page = await signedInAs(browser, await newMember('admin'));
    for (const desk of [
      '',
      '/keys',
      '/permissions',
      '/texts',
      '/forms',
      '/figures',
      '/imports',
      '/account',
    ]) {
      await page.goto(`/staff${desk}`);
      await expect(page.locator('footer a[href^="/source"]')).toHaveCount(1);
    }
    await page.context().close();
  });

  test('adds nothing to a form in a frame', async ({ request }) => {
    expect(await (await request.get('/f/newsletter?embed=1')).text()).not.toContain('<footer');
  });

  test('can be had as an archive, with its licence, and nothing is set or asked', async ({
    page,
    request,
  }) => {
    await page.goto('/source?lang=en');
    await expect(page.locator('h1')).toHaveText('Source code');
    const address = await page.locator('a[download]').getAttribute('href');
    const answer = await request.get(address ?? '');
    expect(answer.headers()['content-type']).toBe('application/gzip');
    expect(answer.headers()['set-cookie']).toBeUndefined();
    const tar = gunzipSync(await answer.body()).toString('latin1');
    for (const name of ['jawort/LICENSE', 'jawort/src/server/main.ts', 'jawort/package.json'])
      expect(tar).toContain(name);
    const licence = await request.get('/source/licence.txt');
    expect(await licence.text()).toContain('GNU AFFERO GENERAL PUBLIC LICENSE');
  });
});
