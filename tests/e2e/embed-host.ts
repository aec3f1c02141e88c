/** A site that copied the snippets of /demo/embed, and what the server recorded of the signups there. */
import { readFileSync } from 'node:fs';
import { type APIRequestContext, expect, type FrameLocator, type Page } from '@playwright/test';
import { sql } from 'kysely';
import { demoForms, demoPurposes } from '#db/demo/demo-data.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import { findMailbox, lookupHash } from '#src/people/contact-points.ts';
import { decryptText } from '#src/people/encryption.ts';
import { baseUrl } from '#tests/support/e2e.ts';
import { type HostPage, type HostSite, serveHostSite } from './host-site/serve.ts';
import { withServerState } from './visit.ts';

export const strictPolicy = [
  "default-src 'none'",
  `script-src 'self' ${baseUrl}`,
  `frame-src ${baseUrl}`,
  `connect-src ${baseUrl}`,
].join('; ');

export type Way = 'link' | 'iframe' | 'element' | 'headless';

/** The site is open while the tests run, and entered with the form unless `allowed` is false. */
export async function openHostSite(request: APIRequestContext, { allowed = true } = {}): Promise<HostSite> {
  const copied = await copySnippets(request);
  const own = `<form id="own" hidden><label>E-Mail <input name="email" type="email"></label><button>Absenden</button></form>
<p id="answer" role="status"></p>
<script src="/headless.js" data-api="${baseUrl}/api/v1/forms/newsletter"></script>`;
  const bodies: Record<Way, string> = { ...copied, headless: own };
  const pages: Record<string, HostPage> = {};
  for (const [way, body] of Object.entries(bodies)) {
    pages[`/${way}`] = { body };
    pages[`/strict/${way}`] = { body, policy: strictPolicy };
  }
  pages['/all'] = { body: Object.values(bodies).join('\n<hr>\n') };
  pages['/no-script'] = { body: copied.iframe, policy: `default-src 'none'; frame-src ${baseUrl}` };
  pages['/blocked'] = { body: copied.element, policy: `default-src 'none'; script-src ${baseUrl}` };
  pages['/unknown'] = { body: copied.element.replaceAll('newsletter', 'nothing-here') };
  pages['/unknown-frame'] = { body: copied.iframe.replaceAll('newsletter', 'nothing-here') };
  pages['/dark'] = {
    html: 'lang="ar" dir="rtl"',
    head: `<style>body { background: #111; color: #eee; --jawort-bg: #102030; --jawort-text: #f0f0f0; --jawort-accent: gold;
      --jawort-accent-text: #000; --jawort-radius: 12px; --jawort-muted: #223040; font-family: Georgia, serif; }</style>`,
    body: copied.element
      .replace('style="', 'style="--jawort-font: inherit; ')
      .replace(
        '<jawort-form',
        '<jawort-form theme="dark" compact prefill-email="anna@example.org" source="dark page"',
      ),
  };
  const site = await serveHostSite(
    pages,
    readFileSync(`${import.meta.dirname}/host-site/headless.js`, 'utf8'),
  );
  if (allowed) await allowSite(site.origin);
  return site;
}

/** Copies what a marketer copies: the text as it stands on the page. */
async function copySnippets(request: APIRequestContext): Promise<Record<Way, string>> {
  const html = await (await request.get('/demo/embed?lang=de')).text();
  const copy = (way: Way) => {
    const [, text = ''] = new RegExp(`data-snippet="newsletter-${way}">([^<]*)<`).exec(html) ?? [];
    return plain(text);
  };
  return { link: copy('link'), iframe: copy('iframe'), element: copy('element'), headless: copy('headless') };
}

function plain(html: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return html.replace(
    /&(?:#(\d+)|(\w+));/g,
    (_, code, name) => named[name] ?? String.fromCharCode(Number(code)),
  );
}

/** In one statement, because other files of tests may enter their sites at the same moment. */
export function allowSite(origin: string): Promise<void> {
  return withServerState(async ({ db }) => {
    const allowed_origins = sql<string>`json_insert(allowed_origins, '$[#]', ${origin})`;
    await db.updateTable('forms').set({ allowed_origins }).where('key', '=', 'newsletter').execute();
  });
}

/** Sends the form in the frame off. */
export async function signUpIn(frame: FrameLocator | Page, email: string): Promise<void> {
  await frame.locator('#email').fill(email);
  await frame.locator('input[value="product-news:email"]').check();
  await frame.locator('#submit').click();
  await expect(frame.locator('h1')).toContainText('Bitte prüfen Sie Ihr Postfach');
}

/** What the person was shown when they asked, from the evidence of their permission. */
export function evidenceOf(email: string): Promise<EvidenceContent[]> {
  return withServerState(async ({ db, keys }) => {
    const known = await db
      .transaction()
      .execute((tx) => findMailbox(tx, keys, lookupHash(keys, 'email', email)));
    if (!known) return [];
    const rows = await db
      .selectFrom('evidence')
      .select('content_enc')
      .where('person_id', '=', known.person.id)
      .orderBy('id')
      .execute();
    return rows.map(
      (row) => JSON.parse(decryptText(known.person.key, row.content_enc ?? '')) as EvidenceContent,
    );
  });
}

export const shownWording =
  demoPurposes.find(({ key }) => key === demoForms[0].consents[0].split(':')[0])?.texts.email?.de ?? '';
