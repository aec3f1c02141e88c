/** What the browser tests do again and again. */
import { type APIRequestContext, expect, type Page } from '@playwright/test';
import type { PermissionState } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { readConfig } from '#src/app/config.ts';
import { openApp } from '#src/server/open-app.ts';
import { permissionsOf } from '#tests/support/app.ts';
import { e2eFolder, mailDir } from '#tests/support/e2e.ts';
import { mailsTo, type ReadMail } from '#tests/support/mailbox.ts';

let strangers = 0;

/** An address that nobody has used in this run. */
export function stranger(name = 'anna'): string {
  strangers += 1;
  return `${name}-${process.pid}-${Date.now().toString(36)}-${strangers}@example.org`;
}

export interface Signup {
  email: string;
  consents: string[];
  form?: string;
  fields?: Record<string, string>;
  query?: string;
}

/**
 * Does what sends a form, and waits until the page that answers is there, wherever the answer leads. Who goes on
 * at once may cut off what is still under way.
 */
export async function answered(page: Page, act: () => Promise<void>): Promise<void> {
  const there = page.waitForEvent('load');
  await act();
  await there;
}

/** Fills in a form and sends it. */
export async function fillIn(
  page: Page,
  { email, consents, form, fields = {}, query }: Signup,
): Promise<void> {
  await page.goto(`/f/${form ?? 'newsletter'}?${query ?? 'lang=de'}`);
  await page.fill('#email', email);
  for (const consent of consents) await page.check(`input[value="${consent}"]`);
  for (const [name, value] of Object.entries(fields)) await page.fill(`#${name}`, value);
  await answered(page, () => page.click('#submit'));
}

/** The newest mail of a kind to an address, as soon as it is there. */
export async function mailOf(email: string, kind: string, count = 1): Promise<ReadMail> {
  const ofKind = async () => (await mailsTo(mailDir, email)).filter((mail) => mail.kind === kind);
  await expect
    .poll(async () => (await ofKind()).length, { timeout: 10_000, intervals: [50, 50, 100, 200, 500] })
    .toBeGreaterThanOrEqual(count);
  const newest = (await ofKind()).at(-1);
  if (!newest) throw new Error(`no mail ${kind} to ${email}`);
  return newest;
}

/** Signs up, confirms, and returns the mail about it with its links. */
export async function confirmed(page: Page, signup: Signup): Promise<ReadMail> {
  await fillIn(page, signup);
  const { links } = await mailOf(signup.email, 'confirm-signup');
  await page.goto(`${links.confirm}?lang=de`);
  await answered(page, () => page.click('button[value=confirm]'));
  return mailOf(signup.email, 'permissions-changed');
}

/** Shows what is folded away, so that it is looked at as well. */
export async function unfold(page: Page): Promise<void> {
  await page.locator('details').evaluateAll((all) => {
    for (const one of all) one.setAttribute('open', '');
  });
}

/** What the server's database holds for this address. */
export function standing(email: string): Promise<Record<string, PermissionState>> {
  return withServerState((app) => permissionsOf(app, email));
}

/** Looks into the server's database, or sets back a time in it. */
export async function withServerState<T>(look: (app: App) => Promise<T>): Promise<T> {
  const read = readConfig({
    DATABASE_URL: `sqlite:${e2eFolder}/jawort.db`,
    LIMITS: 'off',
    LOG_LEVEL: 'silent',
  });
  if (!read.ok) throw new Error(read.mistakes.join('\n'));
  const app = await openApp(read.config);
  try {
    return await look(app);
  } finally {
    await app.db.destroy();
  }
}

/** The hidden field that says which version of the form was seen. */
export async function formVersion(request: APIRequestContext, form = 'newsletter'): Promise<string> {
  const html = await (await request.get(`/f/${form}`)).text();
  return /name="form_version" value="([^"]+)"/.exec(html)?.[1] ?? '';
}
