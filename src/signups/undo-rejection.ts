import type { Tx } from '#db/connect.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import type { App } from '#src/app/app.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { append, type Fact } from '#src/ledger/append.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import { tokenHash } from '#src/links/confirm-token.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { findByToken } from './find-by-token.ts';
import { blockKeys } from './mailbox-block.ts';
import { addressOf, answeredConsent } from './reject-signup.ts';
import { lockMailbox } from './signup.ts';
import { type SignupItem, signupItems } from './signup-items.ts';

export type UndoRejectionResult = {
  outcome: 'undone' | 'not_rejected' | 'expired' | 'unknown_link';
};

/**
 * Undoes "that was not me" while the link is valid: the request is open again, as if the button had not been pressed, and the
 * block that the button set is lifted. A block set by the answer to another request stays.
 */
export async function undoRejection(app: App, token: string, client: Client): Promise<UndoRejectionResult> {
  const hash = tokenHash(token);
  const undone = await app.db.transaction().execute(async (tx) => {
    await lockMailbox(tx, 'token_hash', hash);
    const signup = await rejectedSignup(tx, hash, app.now().toISOString());
    if (!signup) return false;
    await tx
      .updateTable('signups')
      .set({ state: 'open', answered_at: null })
      .where('id', '=', signup.id)
      .execute();
    if (signup.test === 0) await askAgain(tx, app, signup, client);
    return true;
  });
  return { outcome: undone ? 'undone' : await whyNotUndone(app, token) };
}

async function rejectedSignup(tx: Tx, hash: string, now: string): Promise<SignupTable | undefined> {
  return tx
    .selectFrom('signups')
    .selectAll()
    .where('token_hash', '=', hash)
    .where('state', '=', 'rejected')
    .where('expires_at', '>', now)
    .executeTakeFirst();
}

async function askAgain(tx: Tx, app: App, signup: SignupTable, client: Client): Promise<void> {
  const person = await findPerson(tx, app.keys, signup.person_id);
  if (!person) return;
  const now = app.now().toISOString();
  const items = await signupItems(tx, signup.id);
  const evidence = await recordEvidence(tx, person, {
    act: 'rejection_undone',
    at: now,
    locale: signup.locale,
    action: 'POST action=undo',
    consents: items.map(answeredConsent),
    client: clientHint(client),
  });
  const refusedBefore = await refusedByOthers(tx, items, signup.id);
  const facts = items.flatMap((item): Fact[] => {
    const fact = factOf(signup, item);
    const asked: Fact = { ...fact, kind: 'requested', signup_id: signup.id };
    // The refusal came from this button alone, so the permission is as it was before: none.
    const onlyThis = item.settled_state === 'refused' && !refusedBefore.has(item.permission_id);
    return onlyThis ? [{ ...fact, kind: 'corrected' }, asked] : [asked];
  });
  await append(tx, now, facts, evidence);
  const address = await addressOf(tx, person, signup.contact_point_id);
  if (!address) return;
  await tx
    .updateTable('suppressions')
    .set({ lifted_at: now })
    .where('lookup_hash', 'in', blockKeys(app.keys, address))
    .where('reason', '=', 'not_me')
    .where('created_at', '=', signup.answered_at ?? '')
    .where('lifted_at', 'is', null)
    .execute();
}

function factOf(signup: SignupTable, item: SignupItem): Omit<Fact, 'kind'> {
  return {
    contact_point_id: item.contact_point_id,
    purpose_id: item.purpose_id,
    channel: item.channel,
    basis: 'consent',
    text_version_id: item.text_version_id,
    form_version_id: signup.form_version_id,
    signup_id: null,
    origin: 'confirmation',
    actor: 'person',
    evidence_grade: null,
    channel_verified: 0,
  };
}

/** The permissions of these items that were refused by anything other than this request. */
async function refusedByOthers(tx: Tx, items: SignupItem[], signupId: string): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('events')
    .select('permission_id')
    .distinct()
    .where(
      'permission_id',
      'in',
      items.map((item) => item.permission_id),
    )
    .where('kind', '=', 'refused')
    .where((eb) => eb.or([eb('signup_id', 'is', null), eb('signup_id', '<>', signupId)]))
    .execute();
  return new Set(rows.map((row) => row.permission_id));
}

async function whyNotUndone(app: App, token: string): Promise<'not_rejected' | 'expired' | 'unknown_link'> {
  const found = await findByToken(app, token);
  if (!found) return 'unknown_link';
  return found.signup.state === 'rejected' ? 'expired' : 'not_rejected';
}
