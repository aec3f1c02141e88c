/**
 * What protects a mailbox from confirmation mails nobody wanted. No confirmation mail can be queued without a
 * `MailPermit`, and only `mayMail`, `countMail` and `mayMailTester` make one, so no caller can forget to ask.
 */

import type { Tx } from '#db/connect.ts';
import { type ActRows, declareWrite, type WriteTarget } from '#db/writes.ts';
import type { App } from '#src/app/app.ts';
import { countHits, countWithin, type Limit, limitHash } from '#src/limits/count-hits.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { mailBudgetHour } from '#src/limits/mail-budget.ts';
import { deliveredMailbox } from '#src/people/delivered-mailbox.ts';
import type { OpenMailbox } from './mailbox-block.ts';

/** One confirmation mail to this mailbox. */
export interface MailPermit {
  readonly [permit]: true;
}
declare const permit: unique symbol;

/**
 * Whether a confirmation mail may go to this mailbox now; counts it when asked.
 *
 * `by itself`: one mail a day, whatever is signed up for and by whom. `by the person`: another mail, after a pause and a few
 * times. `by manage link`: no limit, because a person with that link has the mailbox. An answer resets the counts, because
 * the mails were wanted.
 */
export async function mayMail(
  tx: Tx,
  app: App,
  { mailbox }: OpenMailbox,
  at: Date,
  asked: 'by itself' | 'by the person' | 'by manage link',
): Promise<MailPermit | undefined> {
  if (!app.config.limits || asked === 'by manage link') return granted;
  const [day, gap] = await countHits(tx, app.keys, shortLimits(mailbox), at);
  if (asked === 'by itself' ? day?.exceeded : gap?.exceeded) return undefined;
  const [month] = await countHits(tx, app.keys, longLimits(mailbox), at);
  return month?.exceeded ? undefined : granted;
}

/** The same for an act, which is refused when that would be one mail too many. */
export async function countMail(
  to: ActRows,
  app: App,
  { mailbox }: OpenMailbox,
  at: Date,
): Promise<MailPermit> {
  if (!app.config.limits) return granted;
  await countWithin(to, app.keys, [...shortLimits(mailbox), ...longLimits(mailbox)], at);
  return granted;
}

function shortLimits(mailbox: string): [Limit, Limit] {
  return [
    { rule: 'mail-day', subject: mailbox, ...signupLimits.mailsADay },
    { rule: 'mail-gap', subject: mailbox, most: 1, minutes: signupLimits.resendAfterMinutes },
  ];
}

function longLimits(mailbox: string): [Limit, Limit] {
  return [{ rule: 'mail-month', subject: mailbox, ...signupLimits.mailsAMonth }, mailBudgetHour];
}

/** The same for an address on the list of a form in test mode, with a limit of its own. */
export async function mayMailTester(
  tx: Tx,
  app: App,
  { mailbox }: OpenMailbox,
  at: Date,
): Promise<MailPermit | undefined> {
  if (!app.config.limits) return granted;
  const limit = { rule: 'test-mail', subject: mailbox, most: testMailsADay, minutes: 24 * 60 };
  const [hit] = await countHits(tx, app.keys, [limit], at);
  return hit?.exceeded ? undefined : granted;
}

const granted = {} as MailPermit;
const testMailsADay = 30;

/** The owner of the mailbox has answered. */
export async function forgetMails(to: WriteTarget, app: App, address: string): Promise<void> {
  if (!app.config.limits) return;
  const subject = deliveredMailbox(address);
  const hashOf = (rule: string) => limitHash(app.keys, { rule, subject });
  await forgetMailCounts(to, {
    day: hashOf('mail-day'),
    gap: hashOf('mail-gap'),
    month: hashOf('mail-month'),
  });
}

export const forgetMailCounts = declareWrite((db, of: { day: string; gap: string; month: string }) =>
  db.deleteFrom('rate_limits').where('key_hash', 'in', [of.day, of.gap, of.month]),
);
