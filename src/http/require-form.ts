import type { App } from '#src/app/app.ts';
import { findForm } from '#src/forms/find-form.ts';
import type { PublishedForm } from '#src/forms/form-definition.ts';
import { underPressure } from '#src/signups/form-pressure.ts';
import { Problem } from './problem.ts';

/** Throws a Problem when no form is published under this key. A closed form counts as published. */
export async function requireForm(app: App, key: string | undefined): Promise<PublishedForm> {
  const form = await formAt(app, key);
  if (!form) throw new Problem(404);
  return form;
}

/** The form with its current limits. The key comes from an address and may be anything; PostgreSQL refuses NUL characters. */
export async function formAt(app: App, key: string | undefined): Promise<PublishedForm | undefined> {
  const form = key && /^[\w-]{1,100}$/.test(key) ? await findForm(app.db, key) : undefined;
  return form && underPressure(app, form);
}
