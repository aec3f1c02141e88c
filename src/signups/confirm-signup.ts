import { expressionBuilder } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { writeLater } from '#db/later.ts';
import { isOptimistic, optimistically, supportsOptimistic } from '#db/optimistic.ts';
import { prepared, preparedChange, preparedLater } from '#db/prepared.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { Locale, PermissionTable, Schema, SignupTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { permissionEnd } from '#src/consent-texts/promised-end.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { append, type Fact } from '#src/ledger/append.ts';
import { cancelLetters } from '#src/letters/queue-letters.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import { tokenHash } from '#src/links/confirm-token.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';
import { findByToken, isOver } from './describe-signup.ts';
import { liftedByAnswer } from './lifted-by-answer.ts';
import { forgetMails } from './mail-allowance.ts';
import {
  confirmable,
  isNoLongerAsked,
  lockMailbox,
  type SignupItem,
  signupItems,
  signupItemsByToken,
  textRef,
} from './signup.ts';

export type ConfirmSignupResult = {
  outcome:
    | 'confirmed'
    | 'already_confirmed'
    | 'already_rejected'
    | 'expired'
    /** Legal has stopped all the words that it asks in, or declared them invalid. */
    | 'no_longer_asked'
    | 'unknown_link';
};

/** Turns a signup into permissions. Using the same link again changes nothing and says so. */
export async function confirmSignup(app: App, token: string, client: Client): Promise<ConfirmSignupResult> {
  const hash = tokenHash(token);
  const seen = supportsOptimistic(app.db) ? await lookAhead(app.db, hash) : undefined;
  const confirmed = await optimistically(app.db, async (tx) => {
    const signup = isOptimistic(tx)
      ? seen && (await hopeToClaim(tx, app, seen))
      : await claimSignup(tx, app, 'token_hash', hash, 'confirmed');
    return signup && (await grant(tx, app, signup, client, 'link'));
  });
  if (!confirmed) return { outcome: await whyNot(app, token) };
  app.mailsQueued();
  return { outcome: 'confirmed' };
}

/** With what was read together with the signup, if it was. */
export interface ClaimedSignup extends SignupTable {
  mailbox?: Mailbox;
  items?: SignupItem[];
  permissions?: PermissionTable[];
}

/** Of two answers at once exactly one gets the row: it is claimed by one conditional UPDATE. */
export async function claimSignup(
  tx: Tx,
  app: App,
  column: 'token_hash' | 'id',
  value: string,
  answer: 'confirmed' | 'rejected',
): Promise<ClaimedSignup | undefined> {
  const now = app.now().toISOString();
  await lockMailbox(tx, column, value);
  const [signup] = await claimBy[column](tx, { value, answer, now });
  return signup;
}

/** All that a confirmation needs to know, read at once. */
async function lookAhead(db: Db, hash: string) {
  const [[found], asked] = await Promise.all([openByToken(db, hash), signupItemsByToken(db, hash)]);
  return found && { found, ...asked };
}

type Seen = Awaited<ReturnType<typeof lookAhead>>;

/** Changes one row, or else the act is done again. */
async function hopeToClaim(
  tx: Tx,
  app: App,
  { found, items, permissions }: NonNullable<Seen>,
): Promise<ClaimedSignup | undefined> {
  const now = app.now().toISOString();
  if (found.expires_at <= now || isNoLongerAsked(items)) return undefined;
  const { key_wrapped, lookup_hash, wide_hash, value_enc, suppressed, letters, ...signup } = found;
  const claimed = { state: 'confirmed', answered_at: now } as const;
  await claimOne(tx, { ...claimed, id: signup.id, generation: signup.generation });
  return {
    ...signup,
    ...claimed,
    mailbox: { key_wrapped, lookup_hash, wide_hash, value_enc, suppressed, letters },
    items,
    permissions,
  };
}

const claimOne = preparedChange((db, of: Pick<SignupTable, 'state' | 'answered_at' | 'id' | 'generation'>) =>
  db
    .updateTable('signups')
    .set({ state: of.state, answered_at: of.answered_at })
    .where('id', '=', of.id)
    .where('state', '=', 'open')
    .where('generation', '=', of.generation),
);

const eb = expressionBuilder<Schema, 'contact_points' | 'people'>();

/** Of where the mail with the link went: the key of its owner, and what an answer from there may end. */
const ofMailbox = [
  'people.key_wrapped',
  'contact_points.lookup_hash',
  'contact_points.value_enc',
  'contact_points.wide_hash',
  eb
    .exists(
      eb
        .selectFrom('suppressions')
        .select('suppressions.id')
        // A no to the mailbox is taken back by a yes to one of its sub-addresses.
        .where((or) =>
          or.or([
            or('suppressions.lookup_hash', '=', or.ref('contact_points.lookup_hash')),
            or('suppressions.lookup_hash', '=', or.ref('contact_points.wide_hash')),
          ]),
        )
        .where('suppressions.reason', 'in', liftedByAnswer)
        .where('suppressions.lifted_at', 'is', null),
    )
    .as('suppressed'),
  eb
    .exists(
      eb
        .selectFrom('letters')
        .select('letters.id')
        .whereRef('letters.person_id', '=', 'contact_points.person_id')
        .where('letters.state', 'in', ['waiting', 'unaddressed']),
    )
    .as('letters'),
] as const;

const openByToken = preparedByKey((db, isAsked) =>
  db
    .selectFrom('signups')
    .innerJoin('contact_points', 'contact_points.id', 'signups.contact_point_id')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .selectAll('signups')
    .select('signups.token_hash as asked')
    .select(ofMailbox)
    .where(isAsked('signups.token_hash'))
    .where('signups.state', '=', 'open'),
);

const claimBy = { token_hash: claim('token_hash'), id: claim('id') };

function claim(column: 'token_hash' | 'id') {
  return prepared((db, of: { value: string; answer: 'confirmed' | 'rejected'; now: string }) =>
    db
      .updateTable('signups')
      .set({ state: of.answer, answered_at: of.now })
      .where(column, '=', of.value)
      .where('state', '=', 'open')
      .where('expires_at', '>', of.now)
      .returningAll(),
  );
}

/** Why a link does nothing any more. */
export async function whyNot(
  app: App,
  token: string,
): Promise<Exclude<ConfirmSignupResult['outcome'], 'confirmed'>> {
  const found = await findByToken(app, token);
  if (!found) return 'unknown_link';
  if (found.signup.state === 'confirmed') return 'already_confirmed';
  if (found.signup.state === 'rejected') return 'already_rejected';
  if (found.replaced || isOver(app, found.signup) || found.signup.state !== 'open') return 'expired';
  return isNoLongerAsked(await signupItems(app.db, found.signup.id)) ? 'no_longer_asked' : 'unknown_link';
}

/**
 * The permissions, the evidence, the person's details and the mail that tells them: nothing of it for a test. Whether
 * there was anything left to confirm: a signup whose words have all been stopped is open again.
 */
export async function grant(
  tx: Tx,
  app: App,
  signup: ClaimedSignup,
  client: Client,
  by: 'link' | 'code',
): Promise<boolean> {
  if (signup.test === 1) return true;
  const now = signup.answered_at ?? app.now().toISOString();
  const mailbox = signup.mailbox ?? (await mailboxOf(tx, signup.contact_point_id))[0];
  if (!mailbox?.key_wrapped) return true;
  const person = { id: signup.person_id, key: unwrapPersonKey(app.keys, mailbox.key_wrapped) };
  const all = signup.items ?? (await signupItems(tx, signup.id));
  if (isNoLongerAsked(all)) {
    await tx
      .updateTable('signups')
      .set({ state: 'open', answered_at: null })
      .where('id', '=', signup.id)
      .execute();
    return false;
  }
  const items = confirmable(all);
  const dropped = all.filter((item) => !items.includes(item));
  const evidence = await recordEvidence(tx, person, {
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
  const permissions = await append(
    tx,
    now,
    [
      ...items.map((item) => confirmedFact(signup, item, now)),
      ...dropped.map((item) => droppedFact(signup, item)),
    ],
    evidence,
    { known: signup.permissions },
  );
  if (dropped.length > 0) await markDropped(tx, signup, dropped, now);
  await updateOwner(tx, app, signup, mailbox, person, now);
  await enqueueMail(tx, now, {
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
  return true;
}

/** Nobody may agree to these words any more, so the request for them ends with the rest of its signup. */
function droppedFact(signup: SignupTable, item: SignupItem): Fact {
  return {
    kind: 'cancelled',
    contact_point_id: item.contact_point_id,
    purpose_id: item.purpose_id,
    channel: item.channel,
    basis: 'consent',
    text_version_id: item.text_version_id,
    form_version_id: signup.form_version_id,
    signup_id: signup.id,
    origin: 'confirmation',
    actor: 'system',
    evidence_grade: null,
    channel_verified: 0,
  };
}

async function markDropped(tx: Tx, signup: SignupTable, dropped: SignupItem[], now: string): Promise<void> {
  const versions = dropped.map(({ text_version_id }) => text_version_id);
  await writeLater(
    tx,
    tx
      .updateTable('signup_items')
      .set({ dropped_at: now })
      .where('signup_id', '=', signup.id)
      .where('text_version_id', 'in', versions),
  );
}

/** The mailbox has answered for itself; it says nothing about a number or a letter box (BGH I ZR 164/09). */
function confirmedFact(signup: SignupTable, item: SignupItem, now: string): Fact {
  const own = item.contact_point_id === signup.contact_point_id;
  return {
    kind: item.settled_state === 'granted' ? 'renewed' : 'confirmed',
    contact_point_id: item.contact_point_id,
    purpose_id: item.purpose_id,
    channel: item.channel,
    basis: 'consent',
    text_version_id: item.text_version_id,
    form_version_id: signup.form_version_id,
    signup_id: signup.id,
    origin: 'confirmation',
    actor: 'person',
    evidence_grade: own ? 'A' : 'D',
    channel_verified: own ? 1 : 0,
    valid_until: permissionEnd(item.wording, item.locale, now),
  };
}

/** A mailbox that answers is the person's, can be reached, and wanted the mails. */
async function updateOwner(
  tx: Tx,
  app: App,
  signup: SignupTable,
  mailbox: Mailbox,
  person: PersonWithKey,
  now: string,
): Promise<void> {
  await verifyMailbox(tx, { id: signup.contact_point_id, now });
  if (signup.origin === 'web_form') await updatePerson(tx, signup);
  if (!mailbox.lookup_hash) return;
  if (mailbox.value_enc) await forgetMails(tx, app, decryptText(person.key, mailbox.value_enc));
  if (mailbox.letters) await cancelLetters(tx, now, signup.person_id, 'told_by_mail');
  if (!mailbox.suppressed) return;
  await writeLater(
    tx,
    tx
      .updateTable('suppressions')
      .set({ lifted_at: now })
      .where('lookup_hash', 'in', [mailbox.lookup_hash, mailbox.wide_hash ?? mailbox.lookup_hash])
      .where('reason', 'in', liftedByAnswer)
      .where('lifted_at', 'is', null),
  );
}

const verifyMailbox = preparedLater((db, of: { id: string; now: string }) =>
  db.updateTable('contact_points').set({ verified_at: of.now }).where('id', '=', of.id),
);

type Mailbox = Awaited<ReturnType<typeof mailboxOf>>[number];

const mailboxOf = preparedByKey((db, isAsked) =>
  db
    .selectFrom('contact_points')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .select('contact_points.id as asked')
    .select(ofMailbox)
    .where(isAsked('contact_points.id')),
);

/** Someone who gave nothing about themself this time keeps what they gave before. */
async function updatePerson(tx: Tx, { person_id, details_enc, locale }: SignupTable): Promise<void> {
  if (details_enc) await setDetails(tx, { id: person_id, locale, details_enc });
  else await setLocale(tx, { id: person_id, locale });
}

const setLocale = preparedLater((db, of: { id: string; locale: Locale }) =>
  db.updateTable('people').set({ locale: of.locale }).where('id', '=', of.id),
);

const setDetails = preparedLater((db, of: { id: string; locale: Locale; details_enc: string }) =>
  db.updateTable('people').set({ locale: of.locale, details_enc: of.details_enc }).where('id', '=', of.id),
);
