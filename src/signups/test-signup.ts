/**
 * A form in test mode: addresses on its list get the confirmation mail and can confirm; all others get the same answer, and
 * nothing is kept.
 *
 * A test signup belongs to a person of its own, who is not found by any address. So it changes no real permission, is in no
 * ledger, and is deleted completely.
 */
import type { Tx } from '#db/connect.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import type { App } from '#src/app/app.ts';
import type { Submission } from '#src/forms/parse-submission.ts';
import { newId } from '#src/ids/new-id.ts';
import type { Client } from '#src/limits/client.ts';
import { addPerson, ensureContactPoints, lookupHash } from '#src/people/contact-points.ts';
import { insertSignup } from './insert-signup.ts';
import { type MailPermit, mayMailTester } from './mail-allowance.ts';
import { findOpenMailbox } from './mailbox-block.ts';
import { enqueueConfirmation } from './open-signup.ts';
import { addressesOf, requestOf } from './request-of.ts';
import { insertSignupItems } from './signup.ts';
import type { Request } from './signup-request.ts';

/** Returns the id of the signup that the handle is made of. */
export async function requestTest(
  tx: Tx,
  app: App,
  submission: Submission,
  client: Client,
  at: Date,
): Promise<string> {
  const lookup = lookupHash(app.keys, 'email', submission.mailbox.value);
  const mailbox = await findOpenMailbox(tx, app.keys, submission.mailbox.value, at);
  if (!mailbox || !(await isTester(tx, submission.form.id, lookup))) return newId();
  const permit = await mayMailTester(tx, app, mailbox, at);
  if (!permit) return newId();
  const now = at.toISOString();
  const person = { ...(await addPerson(tx, app.keys, submission.locale, now)), unlisted: true };
  const points = await ensureContactPoints(tx, app.keys, person, addressesOf(submission), now);
  const asked = requestOf(submission, person, points, client);
  return (await openTestSignup(tx, app, asked, at, permit)).id;
}

async function isTester(tx: Tx, formId: string, lookup: string): Promise<boolean> {
  const row = await tx
    .selectFrom('form_test_addresses')
    .select('form_id')
    .where('form_id', '=', formId)
    .where('lookup_hash', '=', lookup)
    .executeTakeFirst();
  return row !== undefined;
}

/** A signup without permissions and evidence. */
async function openTestSignup(
  tx: Tx,
  app: App,
  request: Request,
  at: Date,
  permit: MailPermit,
): Promise<SignupTable> {
  const signup = await insertSignup(tx, app, request, at, true, 1);
  await insertSignupItems(
    tx,
    request.wishes.map((wish, position) => ({
      signup_id: signup.id,
      purpose_id: wish.purposeId,
      channel: wish.channel,
      contact_point_id: wish.contactPoint.id,
      permission_id: '',
      text_version_id: wish.text.id,
      position,
    })),
  );
  await enqueueConfirmation(tx, at.toISOString(), permit, request.person, signup);
  return signup;
}
