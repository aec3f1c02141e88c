/**
 * What protects a mailbox from confirmation mails nobody wanted. No confirmation mail can be queued without a
 * `MailPermit`, and only `mayMail` and `mayMailTester` make one, so no door can forget to ask.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { assertUnchanged, isOptimistic } from '#db/optimistic.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { App } from '#src/app/app.ts';
import { countHits, forgetHits } from '#src/limits/count-hits.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { mailBudgetHour } from '#src/limits/mail-budget.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { deliveredMailbox } from '#src/people/delivered-mailbox.ts';
import type { Keys } from '#src/secrets/keys.ts';

/** A mailbox whose owner has not said "that was not me". */
export interface OpenMailbox {
  readonly mailbox: string;
  readonly [open]: true;
}

/** One confirmation mail to this mailbox. */
export interface MailPermit {
  readonly [permit]: true;
}

declare const open: unique symbol;
declare const permit: unique symbol;

/** `undefined` while the mailbox is blocked: then no confirmation mail goes there, whoever asks for it. */
export async function findOpenMailbox(
  db: Db | Tx,
  keys: Keys,
  address: string,
  at: Date,
): Promise<OpenMailbox | undefined> {
  if (db.isTransaction && isOptimistic(db as Tx))
    await assertUnchanged(db as Tx, notBlocked(keys, address, at));
  else if (await findBlock(db, keys, address, at)) return undefined;
  return { mailbox: deliveredMailbox(address) } as OpenMailbox;
}

/** Checked by the database when the act is written: few mailboxes are blocked, and a read costs more than this. */
function notBlocked(keys: Keys, address: string, at: Date): RawBuilder<boolean> {
  return sql`not exists (select 1 from suppressions where lookup_hash in (${sql.join(blockKeys(keys, address))})
    and reason = 'not_me' and lifted_at is null and (until is null or until > ${at.toISOString()}))`;
}

/** Until when the block of "that was not me" holds, if there is one. */
export async function findBlock(
  db: Db | Tx,
  keys: Keys,
  address: string,
  at: Date,
): Promise<{ until: string | null } | undefined> {
  const now = at.toISOString();
  const rows = await Promise.all(blockKeys(keys, address).map((hash) => blocksByHash(db, hash)));
  return rows.flat().find(({ until }) => until === null || until > now);
}

/** The hash under which a new block is stored: it holds for every address that delivers to the same mailbox. */
export function blockHash(keys: Keys, address: string): string {
  return lookupHash(keys, 'email', deliveredMailbox(address));
}

/** Blocks of earlier versions are stored under the address itself. */
export function blockKeys(keys: Keys, address: string): string[] {
  return [...new Set([blockHash(keys, address), lookupHash(keys, 'email', address.toLowerCase())])];
}

const blocksByHash = preparedByKey((db, isAsked) =>
  db
    .selectFrom('suppressions')
    .select(['lookup_hash as asked', 'until'])
    .where(isAsked('lookup_hash'))
    .where('reason', '=', 'not_me')
    .where('lifted_at', 'is', null),
);

/**
 * Whether a confirmation mail may go to this mailbox now; counts it when asked.
 *
 * By itself one mail a day goes out, whatever is signed up for and by whom. Who asks for another one gets it,
 * after a while and a few times. What was answered no longer counts: its mails were wanted. Who holds a manage link
 * has the mailbox, and is not limited.
 */
export async function mayMail(
  tx: Tx,
  app: App,
  { mailbox }: OpenMailbox,
  at: Date,
  asked: 'by itself' | 'by the person' | 'by manage link',
): Promise<MailPermit | undefined> {
  if (!app.config.limits || asked === 'by manage link') return granted;
  const [day, gap] = await countHits(
    tx,
    app.keys,
    [
      { rule: 'mail-day', subject: mailbox, ...signupLimits.mailsADay },
      { rule: 'mail-gap', subject: mailbox, most: 1, minutes: signupLimits.resendAfterMinutes },
    ],
    at,
  );
  if (asked === 'by itself' ? day?.exceeded : gap?.exceeded) return undefined;
  const [month] = await countHits(
    tx,
    app.keys,
    [{ rule: 'mail-month', subject: mailbox, ...signupLimits.mailsAMonth }, mailBudgetHour],
    at,
  );
  return month?.exceeded ? undefined : granted;
}

/** Even those on the list of a form in test mode agreed to some mails and not to a flood. */
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
export async function forgetMails(tx: Tx, app: App, address: string): Promise<void> {
  if (!app.config.limits) return;
  const subject = deliveredMailbox(address);
  await forgetHits(
    tx,
    app.keys,
    ['mail-day', 'mail-gap', 'mail-month'].map((rule) => ({ rule, subject })),
  );
}
