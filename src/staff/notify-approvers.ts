import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { defaultLocale } from '#src/i18n/locales.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import { findPerson } from '#src/people/contact-points.ts';
import type { Actor } from './actor.ts';
import { mayDo } from './roles.ts';

/** Queues a mail to all active staff who may approve this key, except its creator. */
export async function notifyApprovers(
  tx: Tx,
  app: App,
  maker: Actor,
  key: { id: string; name: string },
): Promise<void> {
  const at = app.now().toISOString();
  const staff = await tx
    .selectFrom('staff')
    .select(['role', 'person_id', 'contact_point_id', 'locale'])
    .where('id', '<>', maker.id)
    .where('disabled_at', 'is', null)
    .where('password_hash', 'is not', null)
    .orderBy('id')
    .execute();
  for (const { role, person_id, contact_point_id: contactPointId, locale } of staff) {
    if (!mayDo(role, 'keys.approve')) continue;
    const person = await findPerson(tx, app.keys, person_id);
    if (!person) continue;
    await enqueueMail(tx, at, {
      kind: 'staff-key-waiting',
      person,
      contactPointId,
      locale: locale ?? defaultLocale,
      params: { keyId: key.id, keyName: key.name, maker: maker.name },
    });
  }
}
