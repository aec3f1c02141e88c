/** What the tests of the desks do again and again. */
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { addStaff } from '#src/staff/add-staff.ts';
import { hashPassword } from '#src/staff/passwords.ts';
import type { Role } from '#src/staff/roles.ts';
import { answered, withServerState } from './visit.ts';

export const demoPassword = 'demo-jawort';
export const password = 'four unlikely garden words';

let members = 0;

/** A member of staff that no other test signs in as; answers with the address. */
export async function newMember(role: Role): Promise<string> {
  members += 1;
  const email = `${role}-${process.pid}-${Date.now().toString(36)}-${members}@example.org`;
  const hash = await hashPassword(password);
  await withServerState((app) =>
    app.db
      .transaction()
      .execute((tx) =>
        addStaff(tx, app, { email, name: `Test ${role} ${members}`, role, locale: null }, hash),
      ),
  );
  return email;
}

export async function typeIn(page: Page, email: string, typed: string): Promise<void> {
  await page.goto('/staff/sign-in');
  await page.fill('#email', email);
  await page.fill('#password', typed);
  await answered(page, () => page.click('main button[type=submit]'));
}

/** A page that is signed in, in a browser of its own. */
export async function signedInAs(browser: Browser, email: string, typed = password): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ locale: 'de-DE', javaScriptEnabled: false });
  const page = await context.newPage();
  await typeIn(page, email, typed);
  await page.waitForURL('**/staff');
  return page;
}
