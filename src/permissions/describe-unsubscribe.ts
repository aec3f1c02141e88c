import type { Db } from '#db/connect.ts';
import type { Basis, Channel, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { readSignedLink } from '#src/links/signed-link.ts';
import { decryptText } from '#src/people/encryption.ts';
import { findOwner } from '#src/people/find-owner.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import type { SignupController } from '#src/signups/describe-items.ts';
import type { UnsubscribeLink } from './unsubscribe.ts';

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
  const cells = (await permissionMatrix(app.db, found.person, locale)).filter((cell) =>
    isActive(signed, cell),
  );
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

function isActive(link: UnsubscribeLink, { contactPointId, purposeId, state }: MatrixCell): boolean {
  return (
    contactPointId === link.contactPointId &&
    (link.purposeId === null || purposeId === link.purposeId) &&
    (state === 'granted' || state === 'pending')
  );
}

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
