import type { SignupTable } from '#db/schema/signups.ts';
import { declareWrite, type WriteTarget } from '#db/writes.ts';
import type { App } from '#src/app/app.ts';
import { permissionEnd } from '#src/consent-texts/promised-end.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { appendTo, type EvidenceRef, type Fact } from '#src/ledger/append.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';
import type { AskedSignup } from './asked-signup.ts';
import { confirmable, type SignupItem, textRef } from './signup-items.ts';
import { settleHome, updateOwner } from './update-owner.ts';

/**
 * Claims the signup; writes the permissions, their evidence, the person's details and the mail that tells them. A test, and
 * a signup whose owner was erased, is only claimed.
 */
export async function writeConfirmation(
  to: WriteTarget,
  app: App,
  { signup, mailbox, items: all, permissions: current }: AskedSignup,
  client: Client,
  by: 'link' | 'code',
): Promise<void> {
  const now = app.now().toISOString();
  await claimOpenSignup(to, { id: signup.id, generation: signup.generation, now });
  if (signup.test === 1 || !mailbox.key_wrapped) return;
  const person = { id: signup.person_id, key: unwrapPersonKey(app.keys, mailbox.key_wrapped) };
  const items = confirmable(all);
  const dropped = all.filter((item) => !items.includes(item));
  const evidence = await recordConfirmation(to, person, signup, items, client, by, now);
  const facts = [
    ...items.map((item) => confirmedFact(signup, item, now)),
    ...dropped.map((item) => droppedFact(signup, item)),
  ];
  const permissions = await appendTo(to, now, facts, evidence, current);
  for (const { text_version_id } of dropped) await dropItem(to, { id: signup.id, text_version_id, now });
  await updateOwner(to, app, signup, mailbox, person, now);
  if (signup.details_enc || items.some(({ channel }) => channel !== 'email'))
    await settleHome(to, signup, person);
  await enqueueMail(to, now, {
    kind: 'permissions-changed',
    person,
    contactPointId: signup.contact_point_id,
    locale: signup.locale,
    params: {
      changes: items.map((item, index) => ({
        purpose: item.purpose,
        channel: item.channel,
        from: item.state ?? 'none',
        to: permissions[index]?.state ?? 'granted',
      })),
    },
  });
}

/** Of two answers at once, exactly one finds the row open. */
export const claimOpenSignup = declareWrite(
  (db, of: { id: string; generation: number; now: string }) =>
    db
      .updateTable('signups')
      .set({ state: 'confirmed', answered_at: of.now })
      .where('id', '=', of.id)
      .where('state', '=', 'open')
      .where('generation', '=', of.generation),
  { changesOne: true },
);

async function recordConfirmation(
  to: WriteTarget,
  person: PersonWithKey,
  signup: SignupTable,
  items: SignupItem[],
  client: Client,
  by: 'link' | 'code',
  now: string,
): Promise<EvidenceRef> {
  return recordEvidence(to, person, {
    act: 'confirmation',
    at: now,
    locale: signup.locale,
    action: by === 'link' ? 'POST action=confirm' : 'POST code',
    consents: items.map((item) => ({
      value: `${item.purpose}:${item.channel}`,
      text_version: textRef(item),
      wording: item.wording,
      sha256: item.sha256,
      contact_point: item.value_enc ? decryptText(person.key, item.value_enc) : '',
    })),
    client: clientHint(client),
  });
}

/** A confirmation proves the mailbox only, not a number or a postal address (BGH I ZR 164/09). */
function confirmedFact(signup: SignupTable, item: SignupItem, now: string): Fact {
  const own = item.contact_point_id === signup.contact_point_id;
  return {
    ...sharedFact(signup, item),
    kind: item.settled_state === 'granted' ? 'renewed' : 'confirmed',
    actor: 'person',
    evidence_grade: own ? 'A' : 'D',
    channel_verified: own ? 1 : 0,
    valid_until: permissionEnd(item.wording, item.locale, now),
  };
}

/** Its words were stopped or declared invalid, so the request for them ends with the rest of its signup. */
function droppedFact(signup: SignupTable, item: SignupItem): Fact {
  return {
    ...sharedFact(signup, item),
    kind: 'cancelled',
    actor: 'system',
    evidence_grade: null,
    channel_verified: 0,
  };
}

function sharedFact(signup: SignupTable, item: SignupItem) {
  return {
    contact_point_id: item.contact_point_id,
    purpose_id: item.purpose_id,
    channel: item.channel,
    basis: 'consent',
    text_version_id: item.text_version_id,
    form_version_id: signup.form_version_id,
    signup_id: signup.id,
    origin: 'confirmation',
  } as const;
}

export const dropItem = declareWrite((db, of: { id: string; text_version_id: string; now: string }) =>
  db
    .updateTable('signup_items')
    .set({ dropped_at: of.now })
    .where('signup_id', '=', of.id)
    .where('text_version_id', '=', of.text_version_id),
);
