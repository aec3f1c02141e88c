/** Staff for tests, signed in without a browser. */
import type { App } from '#src/app/app.ts';
import type { Actor } from '#src/staff/actor.ts';
import { addStaff } from '#src/staff/add-staff.ts';
import { hashPassword } from '#src/staff/passwords.ts';
import type { Role } from '#src/staff/roles.ts';
import { type OpenSession, openSession } from '#src/staff/sessions.ts';
import { signIn } from '#src/staff/sign-in.ts';
import { aClient } from '#tests/support/app.ts';

export const goodPassword = 'four unlikely garden words';

export async function aMember(app: App, role: Role, email = `${role}@example.org`): Promise<Actor> {
  const hash = await hashPassword(goodPassword);
  const name = email.split('@', 1)[0] ?? '';
  const id = await app.db
    .transaction()
    .execute((tx) => addStaff(tx, app, { email, name, role, locale: null }, hash));
  return { id, email, name, role, locale: null };
}

/** What a browser sends back after it got this `Set-Cookie`. */
export function cookieOf(setCookie: string): string {
  return setCookie.split(';', 1)[0] ?? '';
}

export async function signedIn(app: App, email: string): Promise<OpenSession> {
  const result = await signIn(app, { email, password: goodPassword }, aClient);
  if (!('cookie' in result)) throw new Error(result.outcome);
  const open = await openSession(app, cookieOf(result.cookie));
  if (!open) throw new Error('no session');
  return open;
}

export async function actsOf(app: App, subject?: string): Promise<string[]> {
  let query = app.db.selectFrom('audit_entries').select('act').orderBy('id');
  if (subject) query = query.where('subject', '=', subject);
  return (await query.execute()).map(({ act }) => act);
}
