import type { App } from '#src/app/app.ts';
import { readCounts } from './read-hits.ts';

/** Confirmation mails of the whole instance in an hour. Counted where a mail is permitted. */
export const mailBudgetHour = {
  rule: 'confirm-mails',
  subject: 'instance',
  most: Number.POSITIVE_INFINITY,
  minutes: 60,
};

export interface MailBudget {
  sent: number;
  /** Seconds until mails go out again, when none is left. */
  usedUpFor: number | undefined;
}

export async function readMailBudget(app: App): Promise<MailBudget> {
  if (!app.config.limits) return { sent: 0, usedUpFor: undefined };
  const at = app.now();
  const [count] = await readCounts(app.db, app.keys, [mailBudgetHour], at);
  return budgetOf(app, count, at);
}

/** The budget at a count of this hour. */
export function budgetOf(app: App, { count, resetsAt } = { count: 0, resetsAt: '' }, at: Date): MailBudget {
  if (count < app.config.confirmMailsPerHour) return { sent: count, usedUpFor: undefined };
  const seconds = Math.ceil((Date.parse(resetsAt) - at.getTime()) / 1000);
  return { sent: count, usedUpFor: Math.max(1, seconds) };
}
