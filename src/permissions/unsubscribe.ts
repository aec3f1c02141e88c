import { defineAct, needsTransaction, performAct } from '#db/acts.ts';
import type { Reader } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import { prepared } from '#db/prepared.ts';
import type { Locale } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { insertEvidence } from '#src/evidence/record-evidence.ts';
import { insertEvents, savePermissions } from '#src/ledger/append.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { cancelLetters } from '#src/letters/queue-letters.ts';
import type { Client } from '#src/limits/client.ts';
import { readSignedLink, type SignedLink } from '#src/links/signed-link.ts';
import { insertMails } from '#src/mail/outbox.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { findOwner, type Owner } from '#src/people/find-owner.ts';
import { cancelIfEmpty, removeItem } from './close-requests.ts';
import { notifyByMail, notifyPerson, usableMailbox } from './notify-person.ts';
import {
  readBeforeWithdrawal,
  type Target,
  type WithdrawalContext,
  withdraw,
  writeWithdrawal,
} from './withdraw.ts';

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

export type UnsubscribeLink = Extract<SignedLink, { use: 'unsubscribe' }>;

/** Granted and pending permissions. */
export async function activeCells(
  reader: Reader,
  person: PersonWithKey,
  locale: Locale,
): Promise<MatrixCell[]> {
  const cells = await permissionMatrix(reader, person, locale);
  return cells.filter((cell) => cell.state === 'granted' || cell.state === 'pending');
}

export function concerns(link: UnsubscribeLink, cell: MatrixCell): boolean {
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
