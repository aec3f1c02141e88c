import type { Tx } from '#db/connect.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import type { App } from '#src/app/app.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { newId } from '#src/ids/new-id.ts';
import { append } from '#src/ledger/append.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { tokenHash } from '#src/links/confirm-token.ts';
import { findPerson, type PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText } from '#src/people/encryption.ts';
import { blockHash } from './mailbox-block.ts';
import { lockMailbox } from './signup.ts';
import { type SignupItem, signupItems, textRef } from './signup-items.ts';
import { type DeadLink, whyLinkFails } from './why-link-fails.ts';

export type RejectSignupResult = { outcome: 'rejected' | DeadLink };

/** "That was not me": nothing is granted, and no confirmation mail goes to this mailbox for a year. */
export async function rejectSignup(app: App, token: string, client: Client): Promise<RejectSignupResult> {
  const rejected = await app.db.transaction().execute(async (tx) => {
    const signup = await claimOpenSignup(tx, app, tokenHash(token));
    if (!signup) return false;
    if (signup.test === 1) return true;
    const now = signup.answered_at ?? app.now().toISOString();
    const person = await findPerson(tx, app.keys, signup.person_id);
    const items = await signupItems(tx, signup.id);
    const evidence =
      person &&
      (await recordEvidence(tx, person, {
        act: 'rejection',
        at: now,
        locale: signup.locale,
        action: 'POST action=reject',
        consents: items.map(answeredConsent),
        client: clientHint(client),
      }));
    await append(
      tx,
      now,
      items.map((item) => ({
        kind: 'refused',
        contact_point_id: item.contact_point_id,
        purpose_id: item.purpose_id,
        channel: item.channel,
        basis: 'consent',
        text_version_id: item.text_version_id,
        form_version_id: signup.form_version_id,
        signup_id: signup.id,
        origin: 'confirmation',
        actor: 'person',
        evidence_grade: null,
        channel_verified: 0,
      })),
      evidence,
    );
    const address = person && (await addressOf(tx, person, signup.contact_point_id));
    if (!address) return true;
    const until = new Date(now);
    until.setUTCMonth(until.getUTCMonth() + signupLimits.blockMonths);
    await tx
      .insertInto('suppressions')
      .values({
        id: newId(),
        channel: 'email',
        lookup_hash: blockHash(app.keys, address),
        purpose_id: null,
        reason: 'not_me',
        created_at: now,
        until: until.toISOString(),
        lifted_at: null,
      })
      .execute();
    return true;
  });
  return { outcome: rejected ? 'rejected' : await whyLinkFails(app, token) };
}

/** Of two answers at once, exactly one gets the row. */
async function claimOpenSignup(tx: Tx, app: App, hash: string): Promise<SignupTable | undefined> {
  const now = app.now().toISOString();
  await lockMailbox(tx, 'token_hash', hash);
  return tx
    .updateTable('signups')
    .set({ state: 'rejected', answered_at: now })
    .where('token_hash', '=', hash)
    .where('state', '=', 'open')
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst();
}

/** The words that were answered, without the address: the person who answers may not be the one who typed it. */
export function answeredConsent(item: SignupItem) {
  return {
    value: `${item.purpose}:${item.channel}`,
    text_version: textRef(item),
    wording: item.wording,
    sha256: item.sha256,
    contact_point: '',
  };
}

export async function addressOf(
  tx: Tx,
  person: PersonWithKey,
  contactPointId: string,
): Promise<string | undefined> {
  const point = await tx
    .selectFrom('contact_points')
    .select('value_enc')
    .where('id', '=', contactPointId)
    .executeTakeFirst();
  return point?.value_enc ? decryptText(person.key, point.value_enc) : undefined;
}
