import type { App } from '#src/app.ts';
import { findForm } from '#src/forms/find-form.ts';
import type { PublishedForm } from '#src/forms/form-definition.ts';
import { Problem } from './problem.ts';

/** Throws a Problem when no form is published under this key, or it takes no more signups. */
export async function requireForm(app: App, key: string | undefined): Promise<PublishedForm> {
  const form = await formAt(app, key);
  if (!form) throw new Problem(404);
  if (form.closedAt !== null && form.closedAt <= app.now().toISOString()) throw new Problem(410);
  return form;
}

/** The form under a key from an address, which may be anything. No database is asked about NUL characters. */
export async function formAt(app: App, key: string | undefined): Promise<PublishedForm | undefined> {
  return key && /^[\w-]{1,100}$/.test(key) ? findForm(app.db, key) : undefined;
}
