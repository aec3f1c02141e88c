import type { App } from '#src/app/app.ts';
import { readMailBudget } from '#src/limits/mail-budget.ts';
import { Problem } from './problem.ts';

/** Throws a Problem while the instance has sent all the confirmation mails that this hour allows. */
export async function requireMailBudget(app: App): Promise<void> {
  const { usedUpFor } = await readMailBudget(app);
  if (usedUpFor) throw new Problem(429, { 'Retry-After': String(usedUpFor) });
}
