import type { Tx } from '#db/connect.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import type { App } from '#src/app/app.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { decryptText } from '#src/people/encryption.ts';
import { findByToken } from './find-by-token.ts';
import { type MailPermit, mayMail, mayMailTester } from './mail-allowance.ts';
import { findOpenMailbox, type OpenMailbox } from './mailbox-block.ts';
import { enqueueConfirmation } from './open-signup.ts';
import { rememberReplacedLink } from './purged-links.ts';
import { readSentHandle } from './sent-handle.ts';
import { lockMailbox, minutesAfter, nextLink } from './signup.ts';
import { isNoLongerAsked, signupItems } from './signup-items.ts';

/** "Send again" on the sent page. The result is visible in the mailbox only. */
export async function resendByHandle(app: App, handle: string): Promise<void> {
  const sent = readSentHandle(app.keys, handle);
  if (sent) await resend(app, sent.signupId);
}

/** "New mail" on the page of an expired link, to the same address. Returns whether the link is one of ours. */
export async function resendByToken(app: App, token: string): Promise<boolean> {
  const found = await findByToken(app, token);
  if (!found) return false;
  await resend(app, found.signup.id);
  return true;
}

async function resend(app: App, signupId: string): Promise<void> {
  const at = app.now();
  await app.db.transaction().execute(async (tx) => {
    await lockMailbox(tx, 'id', signupId);
    const signup = await askedAgain(tx, signupId);
    const person = signup && (await findPerson(tx, app.keys, signup.person_id));
    if (!person || !signup.value_enc || isNoLongerAsked(await signupItems(tx, signup.id))) return;
    const mailbox = await findOpenMailbox(tx, app.keys, decryptText(person.key, signup.value_enc), at);
    if (!mailbox) return;
    const { value_enc: _, ...row } = signup;
    const permit =
      row.test === 1
        ? await mayMailTester(tx, app, mailbox, at)
        : await mayMailAgain(tx, app, row, mailbox, at);
    if (!permit) return;
    const expired = row.test === 0 && row.expires_at <= at.toISOString();
    const link = { ...nextLink(app.keys, row, at), ...(expired ? await newTerm(tx, row, at) : {}) };
    await rememberReplacedLink(tx, at, row);
    await tx.updateTable('signups').set(link).where('id', '=', row.id).execute();
    await enqueueConfirmation(tx, at.toISOString(), permit, person, { ...row, ...link });
  });
  app.mailsQueued();
}

/** An expired link was not answered in time; a new mail starts a new count for this request. */
async function mayMailAgain(
  tx: Tx,
  app: App,
  signup: SignupTable,
  mailbox: OpenMailbox,
  at: Date,
): Promise<MailPermit | undefined> {
  const expired = signup.expires_at <= at.toISOString();
  const limited = app.config.limits && !expired && signup.mails_sent >= signupLimits.mailsARequest;
  return limited ? undefined : mayMail(tx, app, mailbox, at, 'by the person');
}

/** Only a request that is still open or expired, and that asks for something. */
async function askedAgain(tx: Tx, signupId: string) {
  return tx
    .selectFrom('signups')
    .innerJoin('contact_points', 'contact_points.id', 'signups.contact_point_id')
    .selectAll('signups')
    .select('contact_points.value_enc')
    .where('signups.id', '=', signupId)
    .where('signups.state', 'in', ['open', 'expired'])
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('signup_items')
          .select('signup_items.signup_id')
          .whereRef('signup_items.signup_id', '=', 'signups.id'),
      ),
    )
    .executeTakeFirst();
}

async function newTerm(tx: Tx, signup: SignupTable, at: Date) {
  const form = signup.form_id
    ? await tx
        .selectFrom('forms')
        .select('confirm_within_hours')
        .where('id', '=', signup.form_id)
        .executeTakeFirst()
    : undefined;
  return {
    state: 'open' as const,
    expires_at: minutesAfter(at, (form?.confirm_within_hours ?? 72) * 60),
    purge_at: minutesAfter(at, signupLimits.purgeAfterDays * 24 * 60),
    code_tries: 0,
  };
}
