import { sql } from 'kysely';
import type { Tx } from '#db/connect.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import { unusedUntil } from '#src/purposes/unused-until.ts';
import { needsAnswer } from './lifted-by-answer.ts';
import { mayMail } from './mail-allowance.ts';
import type { OpenMailbox } from './mailbox-block.ts';
import { enqueueConfirmation, openSignup } from './open-signup.ts';
import { rememberReplacedLink } from './purged-links.ts';
import { minutesAfter, nextLink } from './signup.ts';
import type { Request, Wish } from './signup-request.ts';

/**
 * What a signup with a known mailbox leads to: its open request is mailed again, everything is allowed already, or it is a
 * new request. Returns the id of the signup that the handle is made of.
 */
export async function answerKnown(
  tx: Tx,
  app: App,
  asked: Request,
  mailbox: OpenMailbox,
  at: Date,
): Promise<string> {
  const open = await sameOpenSignup(tx, asked, at);
  if (open) {
    await mailAgain(tx, app, asked, open, mailbox, at);
    return open.id;
  }
  const permit = await mayMail(tx, app, mailbox, at, 'by itself');
  const nothingToAsk =
    (await allGranted(tx, asked.wishes, at.toISOString())) &&
    !(await needsAnswer(tx, asked.mailbox.lookup_hash));
  if (!nothingToAsk) return (await openSignup(tx, app, asked, at, permit)).id;
  if (permit) {
    await enqueueMail(tx, at.toISOString(), {
      kind: 'manage-link',
      person: asked.person,
      contactPointId: asked.mailbox.id,
      locale: asked.locale,
      params: { because: 'already_granted' },
    });
  }
  return newId();
}

/** The same request again means: send the mail again. The new link is valid for as long as the first was. */
async function mailAgain(
  tx: Tx,
  app: App,
  asked: Request,
  open: SignupTable,
  mailbox: OpenMailbox,
  at: Date,
): Promise<void> {
  const limited = app.config.limits && open.mails_sent >= signupLimits.mailsARequest;
  const permit = limited ? undefined : await mayMail(tx, app, mailbox, at, 'by the person');
  if (!permit) return;
  const term = {
    expires_at: minutesAfter(at, asked.confirmWithinHours * 60),
    purge_at: minutesAfter(at, signupLimits.purgeAfterDays * 24 * 60),
  };
  const link = { ...nextLink(app.keys, open, at), ...term };
  await rememberReplacedLink(tx, at, open);
  await tx.updateTable('signups').set(link).where('id', '=', open.id).execute();
  await enqueueConfirmation(tx, at.toISOString(), permit, asked.person, { ...open, ...link });
}

/**
 * Compares with the newest signups of this mailbox only, so that the work does not grow with the number of earlier requests.
 * A person with more open requests than that gets another signup, but no more mails.
 */
async function sameOpenSignup(tx: Tx, asked: Request, at: Date): Promise<SignupTable | undefined> {
  const newest = tx
    .selectFrom('signups')
    .selectAll()
    .where('contact_point_id', '=', asked.mailbox.id)
    .orderBy('requested_at', 'desc')
    .limit(sql.lit(mostCompared));
  const rows = await tx
    .selectFrom(newest.as('signups'))
    .innerJoin('signup_items', 'signup_items.signup_id', 'signups.id')
    .selectAll('signups')
    .select(['signup_items.contact_point_id as asked_point', 'signup_items.text_version_id as asked_text'])
    .where('signups.state', '=', 'open')
    .where('signups.expires_at', '>', at.toISOString())
    .orderBy('signups.requested_at', 'desc')
    .execute();
  const open = Map.groupBy(rows, (row) => row.id);
  for (const items of open.values()) {
    const asksFor = (wish: Wish) =>
      items.some((item) => item.asked_point === wish.contactPoint.id && item.asked_text === wish.text.id);
    const [first] = items;
    if (!first || !asked.wishes.every(asksFor)) continue;
    const { asked_point: _, asked_text: __, ...signup } = first;
    return signup;
  }
  return undefined;
}

const mostCompared = 20;

/** Whether everything that is asked for is granted already, in the same words, and not expired for lack of use. */
async function allGranted(tx: Tx, wishes: Wish[], now: string): Promise<boolean> {
  const granted = await tx
    .selectFrom('permissions')
    .select(['id', 'contact_point_id', 'purpose_id', 'text_version_id'])
    .where(
      'contact_point_id',
      'in',
      wishes.map((wish) => wish.contactPoint.id),
    )
    .where('state', '=', 'granted')
    .execute();
  const ends = await unusedUntil(
    tx,
    granted.map(({ id }) => id),
  );
  const lapsed = (id: string) => (ends.get(id)?.at ?? now) < now;
  return wishes.every((wish) =>
    granted.some(
      (row) =>
        !lapsed(row.id) &&
        row.contact_point_id === wish.contactPoint.id &&
        row.purpose_id === wish.purposeId &&
        row.text_version_id === wish.text.id,
    ),
  );
}
