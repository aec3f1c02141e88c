import type { App } from '#src/app.ts';
import { findForm } from '#src/forms/find-form.ts';
import type { PublishedForm } from '#src/forms/form-definition.ts';
import { Problem } from './problem.ts';

/** Throws a Problem when no form is published under this key, or it takes no more signups. */
export async function requireForm(app: App, key: string | undefined): Promise<PublishedForm> {
  const form = key === undefined ? undefined : await findForm(app.db, key);
  if (!form) throw new Problem(404);
  if (form.closedAt !== null && form.closedAt <= app.now().toISOString()) throw new Problem(410);
  return form;
}
