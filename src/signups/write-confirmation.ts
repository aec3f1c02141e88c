import type { Locale, SignupTable } from '#db/schema.ts';
import { declareWrite, type WriteTarget } from '#db/writes.ts';
import type { App } from '#src/app/app.ts';
import { permissionEnd } from '#src/consent-texts/promised-end.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { appendTo, type EvidenceRef, type Fact } from '#src/ledger/append.ts';
import { cancelLetters } from '#src/letters/queue-letters.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';
import type { AskedMailbox, AskedSignup } from './asked-signup.ts';
import { liftedByAnswer } from './lifted-by-answer.ts';
import { forgetMails } from './mail-allowance.ts';
import { confirmable, type SignupItem, textRef } from './signup.ts';

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

/** An answer shows that the mailbox is the person's, that it can be reached, and that the mails were wanted. */
async function updateOwner(
  to: WriteTarget,
  app: App,
  signup: SignupTable,
  mailbox: AskedMailbox,
  person: PersonWithKey,
  now: string,
): Promise<void> {
  await verifyMailbox(to, { id: signup.contact_point_id, now });
  if (signup.origin === 'web_form') await updatePerson(to, signup);
  if (!mailbox.lookup_hash) return;
  if (mailbox.value_enc) await forgetMails(to, app, decryptText(person.key, mailbox.value_enc));
  if (mailbox.letters) {
    await cancelLetters(to, { at: now, personId: signup.person_id, because: 'told_by_mail' });
  }
  if (!mailbox.suppressed) return;
  const { lookup_hash, wide_hash } = mailbox;
  await liftBlocks(to, { lookup_hash, wide_hash: wide_hash ?? lookup_hash, now });
}

export const verifyMailbox = declareWrite((db, of: { id: string; now: string }) =>
  db.updateTable('contact_points').set({ verified_at: of.now }).where('id', '=', of.id),
);

export const liftBlocks = declareWrite((db, of: { lookup_hash: string; wide_hash: string; now: string }) =>
  db
    .updateTable('suppressions')
    .set({ lifted_at: of.now })
    .where('lookup_hash', 'in', [of.lookup_hash, of.wide_hash])
    .where('reason', 'in', liftedByAnswer)
    .where('lifted_at', 'is', null),
);

/** Without new details the person keeps the ones given before. */
async function updatePerson(to: WriteTarget, { person_id, details_enc, locale }: SignupTable): Promise<void> {
  if (details_enc) await setDetails(to, { id: person_id, locale, details_enc });
  else await setLocale(to, { id: person_id, locale });
}

export const setLocale = declareWrite((db, of: { id: string; locale: Locale }) =>
  db.updateTable('people').set({ locale: of.locale }).where('id', '=', of.id),
);

export const setDetails = declareWrite((db, of: { id: string; locale: Locale; details_enc: string }) =>
  db.updateTable('people').set({ locale: of.locale, details_enc: of.details_enc }).where('id', '=', of.id),
);
