/**
 * A form in test mode: who is on its list gets the confirmation mail and can walk the whole way, everybody else
 * gets the same answer and nothing is kept.
 *
 * A test signup belongs to a person of its own, whom no address leads to. So it touches nothing that anybody has
 * really allowed, enters no ledger, and is deleted whole.
 */
import type { Tx } from '#db/connect.ts';
import type { SignupTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import type { MailPermit } from './mail-allowance.ts';
import { enqueueConfirmation, insertSignup, type Request } from './open-signup.ts';
import { insertSignupItems } from './signup.ts';

export async function isTester(tx: Tx, formId: string, lookup: string): Promise<boolean> {
  const row = await tx
    .selectFrom('form_test_addresses')
    .select('form_id')
    .where('form_id', '=', formId)
    .where('lookup_hash', '=', lookup)
    .executeTakeFirst();
  return row !== undefined;
}

/** Asks for nothing that a ledger would know of: there is no permission, and no evidence. */
export async function openTestSignup(
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
