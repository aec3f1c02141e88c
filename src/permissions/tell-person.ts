import type { Tx } from '#db/connect.ts';
import type { Locale } from '#db/schema.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import type { KnownPerson } from '#src/people/contact-points.ts';
import type { Change } from './withdraw.ts';

/**
 * Promises the mail that tells a person what was changed in their name. False when no mailbox is known to be
 * theirs: then somebody has to write a letter.
 *
 * A mailbox that never answered may be a typing error, and its reader a stranger; `knownMailbox` names one
 * that is good without, such as that of a customer who gave it with an order.
 */
export async function tellPerson(
  tx: Tx,
  at: string,
  to: { person: KnownPerson; locale: Locale; knownMailbox?: string },
  changes: Change[],
): Promise<boolean> {
  if (changes.length === 0) return false;
  const mailboxes = await tx
    .selectFrom('contact_points')
    .select(['id', 'verified_at'])
    .where('person_id', '=', to.person.id)
    .where('channel', '=', 'email')
    .where('erased_at', 'is', null)
    .orderBy('created_at', 'desc')
    .execute();
  const mailbox = mailboxes.find(({ id, verified_at }) => verified_at !== null || id === to.knownMailbox);
  if (!mailbox) return false;
  await enqueueMail(tx, at, {
    kind: 'permissions-changed',
    person: to.person,
    contactPointId: mailbox.id,
    locale: to.locale,
    params: { changes },
  });
  return true;
}
