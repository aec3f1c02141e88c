import type { Db } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import { optimistically } from '#db/optimistic.ts';
import { prepared } from '#db/prepared.ts';
import type { Basis, Channel, Locale, PermissionState } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import type { Client } from '#src/limits/client.ts';
import { readSignedLink, type SignedLink } from '#src/links/signed-link.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText } from '#src/people/encryption.ts';
import { findOwner } from '#src/people/find-owner.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import type { SignupController } from '#src/signups/describe-signup.ts';
import { notifyPerson } from './notify-person.ts';
import { type Target, withdraw } from './withdraw.ts';

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
  const count = await optimistically(app.db, async (tx) => {
    await lockRows(tx, 'contact_points', [signed.contactPointId]);
    const found = await findOwner(tx, app.keys, signed.contactPointId);
    if (!found) return 0;
    const at = app.now().toISOString();
    const cells = await activeCells(tx, found.person, found.locale);
    const concerned = cells.filter((cell) => concerns(signed, cell));
    const targets: Target[] = concerned.map((cell) => ({
      contactPointId: found.contactPoint.id,
      purposeId: cell.purposeId,
      purpose: cell.purpose,
      channel: cell.channel,
    }));
    const changes = await withdraw(tx, at, targets, {
      person: found.person,
      origin: 'one_click',
      actor: 'person',
      locale: found.locale,
      action: how === 'one_click' ? 'POST List-Unsubscribe=One-Click' : 'POST unsubscribe page',
      client,
    });
    const stays = cells.length > concerned.length;
    if (changes.length > 0 && (stays || (await mailsAfterWithdrawal(tx)))) {
      // The link may be about a number or a postal address; then another mailbox of the person is notified, if any.
      await notifyPerson(tx, at, { ...found, knownMailbox: found.contactPoint.id }, changes);
    }
    return changes.length;
  });
  if (count > 0) app.mailsQueued();
  return { outcome: 'withdrawn', count };
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
async function activeCells(db: Db, person: PersonWithKey, locale: Locale): Promise<MatrixCell[]> {
  const cells = await permissionMatrix(db, person, locale);
  return cells.filter((cell) => cell.state === 'granted' || cell.state === 'pending');
}

function concerns(link: UnsubscribeLink, cell: MatrixCell): boolean {
  return (
    cell.contactPointId === link.contactPointId &&
    (link.purposeId === null || cell.purposeId === link.purposeId)
  );
}

async function mailsAfterWithdrawal(db: Db): Promise<boolean> {
  const controllers = await everyController(db, {});
  return controllers.some((controller) => controller.mails_after_withdrawal === 1);
}

const everyController = prepared((db, _: object) =>
  db.selectFrom('controllers').select('mails_after_withdrawal'),
);
