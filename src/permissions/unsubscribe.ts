import { defineAct, needsTransaction, performAct } from '#db/acts.ts';
import type { Reader } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import { prepared } from '#db/prepared.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import type { App } from '#src/app/app.ts';
import { insertEvidence } from '#src/evidence/record-evidence.ts';
import { insertEvents, savePermissions } from '#src/ledger/append.ts';
import { activePermissions } from '#src/ledger/current-permissions.ts';
import { cancelLetters } from '#src/letters/queue-letters.ts';
import type { Client } from '#src/limits/client.ts';
import { readSignedLink, type SignedLink } from '#src/links/signed-link.ts';
import { insertMails } from '#src/mail/outbox.ts';
import { findOwner, type Owner } from '#src/people/find-owner.ts';
import { cancelIfEmpty, openRequests, removeItem } from './close-requests.ts';
import { notifyByMail, notifyPerson, usableMailbox } from './notify-person.ts';
import { type Target, type WithdrawalContext, withdraw, writeWithdrawal } from './withdraw.ts';

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
      const { targets, owner, permissions } = asked;
      const requests = await openRequests(reader, [owner.contactPoint.id]);
      const before = { permissions, requests };
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
  /** Those of the targets. */
  permissions: PermissionTable[];
  /** Something is left that it does not withdraw. */
  stays: boolean;
}

async function readAsked(reader: Reader, app: App, signed: UnsubscribeLink): Promise<Asked | undefined> {
  const owner = await findOwner(reader, app.keys, signed.contactPointId);
  if (!owner) return undefined;
  const active = await activePermissions(reader, owner.person.id);
  const concerned = active.filter(
    ({ contact_point_id, purpose_id }) =>
      contact_point_id === signed.contactPointId &&
      (signed.purposeId === null || purpose_id === signed.purposeId),
  );
  const targets = concerned.map(({ purpose_id, purpose, channel }) => ({
    contactPointId: owner.contactPoint.id,
    purposeId: purpose_id,
    purpose,
    channel,
  }));
  const permissions = concerned.map(({ purpose: _, ...permission }) => permission);
  return { owner, targets, permissions, stays: active.length > concerned.length };
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

async function mailsAfterWithdrawal(reader: Reader): Promise<boolean> {
  const controllers = await everyController(reader, {});
  return controllers.some((controller) => controller.mails_after_withdrawal === 1);
}

const everyController = prepared((db, _: object) =>
  db.selectFrom('controllers').select('mails_after_withdrawal'),
);
