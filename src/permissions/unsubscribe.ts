import { defineAct, needsTransaction, performAct } from '#db/acts.ts';
import type { Db, Reader } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import { prepared } from '#db/prepared.ts';
import type { Basis, Channel, Locale, PermissionState } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { insertEvidence } from '#src/evidence/record-evidence.ts';
import { insertEvents, savePermissions } from '#src/ledger/append.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { cancelLetters } from '#src/letters/queue-letters.ts';
import type { Client } from '#src/limits/client.ts';
import { readSignedLink, type SignedLink } from '#src/links/signed-link.ts';
import { insertMails } from '#src/mail/outbox.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText } from '#src/people/encryption.ts';
import { findOwner, type Owner } from '#src/people/find-owner.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import type { SignupController } from '#src/signups/describe-signup.ts';
import { notifyByMail, notifyPerson, usableMailbox } from './notify-person.ts';
import {
  cancelIfEmpty,
  readBeforeWithdrawal,
  removeItem,
  type Target,
  type WithdrawalContext,
  withdraw,
  writeWithdrawal,
} from './withdraw.ts';

export type DescribedUnsubscribe =
  | { outcome: 'unknown_link' }
  | {
      outcome: 'found';
      /** Null once the person is erased. */
      maskedAddress: string | null;
      items: { title: string; channel: Channel; state: PermissionState; basis: Basis | null }[];
      /** All purposes; else the link is about one purpose. */
      everything: boolean;
      /** Set if all affected permissions belong to one company. */
      controller?: SignupController | undefined;
    };

/** What an unsubscribe link would withdraw. Read-only. */
export async function describeUnsubscribe(
  app: App,
  link: string,
  locale: Locale,
): Promise<DescribedUnsubscribe> {
  const signed = readSignedLink(app.keys, link);
  if (signed?.use !== 'unsubscribe') return { outcome: 'unknown_link' };
  const everything = signed.purposeId === null;
  // Revoking does not affect unsubscribe links, because they can only withdraw.
  const found = await findOwner(app.db, app.keys, signed.contactPointId);
  if (!found) return { outcome: 'found', maskedAddress: null, items: [], everything };
  const cells = (await activeCells(app.db, found.person, locale)).filter((cell) => concerns(signed, cell));
  const controller = await onlyController(app.db, signed);
  const { value_enc, channel } = found.contactPoint;
  return {
    outcome: 'found',
    maskedAddress: value_enc ? maskContactPoint(channel, decryptText(found.person.key, value_enc)) : null,
    items: cells.map(({ title, channel, state, basis }) => ({ title, channel, state, basis })),
    everything,
    controller,
  };
}

export type UnsubscribeResult = { outcome: 'unknown_link' } | { outcome: 'withdrawn'; count: number };

const withdrawal = defineAct('withdrawal', [
  insertEvidence,
  insertEvents,
  savePermissions,
  removeItem,
  cancelIfEmpty,
  insertMails,
  cancelLetters,
]);

/**
 * Withdraws what the link is about, at once (RFC 8058 when a mail provider calls it). The result is the same if the
 * person has already withdrawn or was erased.
 */
export async function unsubscribe(
  app: App,
  link: string,
  how: 'one_click' | 'page',
  client: Client,
): Promise<UnsubscribeResult> {
  const signed = readSignedLink(app.keys, link);
  if (signed?.use !== 'unsubscribe') return { outcome: 'unknown_link' };
  const at = app.now().toISOString();
  const count = await performAct(app.db, withdrawal, {
    async attempt(reader, rows) {
      const asked = await readAsked(reader, app, signed);
      if (!asked) return 0;
      const { targets, owner } = asked;
      const before = await readBeforeWithdrawal(reader, targets);
      const changes = await writeWithdrawal(rows, at, targets, contextOf(owner, how, client), before);
      if (changes.length === 0 || !(await isNotified(reader, asked))) return changes.length;
      const mailbox = await usableMailbox(reader, noticeTo(owner));
      if (!mailbox) return needsTransaction;
      await notifyByMail(rows, at, mailbox, owner, changes);
      return changes.length;
    },
    async exclusively(tx) {
      await lockRows(tx, 'contact_points', [signed.contactPointId]);
      const asked = await readAsked(tx, app, signed);
      if (!asked) return 0;
      const { targets, owner } = asked;
      const changes = await withdraw(tx, at, targets, contextOf(owner, how, client));
      if (changes.length > 0 && (await isNotified(tx, asked))) {
        await notifyPerson(tx, at, noticeTo(owner), changes);
      }
      return changes.length;
    },
  });
  if (count > 0) app.mailsQueued();
  return { outcome: 'withdrawn', count };
}

/** Whose link it is, and what it would withdraw. */
interface Asked {
  owner: Owner;
  targets: Target[];
  /** Something is left that it does not withdraw. */
  stays: boolean;
}

async function readAsked(reader: Reader, app: App, signed: UnsubscribeLink): Promise<Asked | undefined> {
  const owner = await findOwner(reader, app.keys, signed.contactPointId);
  if (!owner) return undefined;
  const cells = await activeCells(reader, owner.person, owner.locale);
  const concerned = cells.filter((cell) => concerns(signed, cell));
  const targets = concerned.map(({ purposeId, purpose, channel }) => ({
    contactPointId: owner.contactPoint.id,
    purposeId,
    purpose,
    channel,
  }));
  return { owner, targets, stays: cells.length > concerned.length };
}

function contextOf(owner: Owner, how: 'one_click' | 'page', client: Client): WithdrawalContext {
  return {
    person: owner.person,
    origin: 'one_click',
    actor: 'person',
    locale: owner.locale,
    action: how === 'one_click' ? 'POST List-Unsubscribe=One-Click' : 'POST unsubscribe page',
    client,
  };
}

/** The link may be about a number or a postal address; then another mailbox of the person is notified, if any. */
function noticeTo(owner: Owner) {
  return { ...owner, knownMailbox: owner.contactPoint.id };
}

async function isNotified(reader: Reader, { stays }: Asked): Promise<boolean> {
  return stays || (await mailsAfterWithdrawal(reader));
}

type UnsubscribeLink = Extract<SignedLink, { use: 'unsubscribe' }>;

async function onlyController(db: Db, link: UnsubscribeLink): Promise<SignupController | undefined> {
  const controllers = await db
    .selectFrom('controllers')
    .select(['legal_name', 'address', 'privacy_email', 'privacy_url', 'privacy_version'])
    .$if(link.purposeId !== null, (query) =>
      query.where('id', 'in', (eb) =>
        eb.selectFrom('purposes').select('controller_id').where('id', '=', link.purposeId),
      ),
    )
    .limit(2)
    .execute();
  return controllers.length === 1 ? controllers[0] : undefined;
}

/** Granted and pending permissions. */
async function activeCells(reader: Reader, person: PersonWithKey, locale: Locale): Promise<MatrixCell[]> {
  const cells = await permissionMatrix(reader, person, locale);
  return cells.filter((cell) => cell.state === 'granted' || cell.state === 'pending');
}

function concerns(link: UnsubscribeLink, cell: MatrixCell): boolean {
  return (
    cell.contactPointId === link.contactPointId &&
    (link.purposeId === null || cell.purposeId === link.purposeId)
  );
}

async function mailsAfterWithdrawal(reader: Reader): Promise<boolean> {
  const controllers = await everyController(reader, {});
  return controllers.some((controller) => controller.mails_after_withdrawal === 1);
}

const everyController = prepared((db, _: object) =>
  db.selectFrom('controllers').select('mails_after_withdrawal'),
);
