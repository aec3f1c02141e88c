import { sql } from 'kysely';
import type { Fence, Tx } from '#db/connect.ts';
import type { MailTable } from '#db/schema/mails.ts';
import type { App } from '#src/app/app.ts';
import { postalRecipient } from '#src/letters/postal-recipient.ts';
import { queueLetters } from '#src/letters/queue-letters.ts';
import type { MailParams } from '#src/mail/outbox.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';

/** Job: queues letters in place of notices whose mail failed. */
export async function replaceFailedMailsByLetters(
  app: App,
  fence?: Fence,
  most = 100,
): Promise<{ mails: number; letters: number }> {
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    await fence?.(tx);
    const failed = await tx
      .selectFrom('mails')
      .select('id')
      // Literal SQL, so that the partial index `mails_failed` is used.
      .where(sql<boolean>`state = 'failed'`)
      .where('kind', '=', 'permissions-changed')
      .where('paper_at', 'is', null)
      .orderBy('created_at')
      .limit(most)
      .execute();
    const letters = await notifyByLetter(
      tx,
      app,
      at,
      failed.map(({ id }) => id),
    );
    return { mails: failed.length, letters };
  });
}

/**
 * Queues letters for these failed mails and returns how many. Skips people without a postal address, and mails that
 * were followed by a later notice, because that one contains the complete current state. Handles each mail once.
 */
export async function notifyByLetter(tx: Tx, app: App, at: string, mailIds: string[]): Promise<number> {
  if (mailIds.length === 0) return 0;
  const mails = await tx
    .updateTable('mails')
    .set({ paper_at: at })
    .where('id', 'in', mailIds)
    .where('kind', '=', 'permissions-changed')
    .where('paper_at', 'is', null)
    .returningAll()
    .execute();
  let letters = 0;
  for (const mail of mails.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (await queueLetter(tx, app, at, mail)) letters += 1;
  }
  return letters;
}

async function queueLetter(tx: Tx, app: App, at: string, mail: MailTable): Promise<boolean> {
  const person = await findPerson(tx, app.keys, mail.person_id);
  if (!person || (await notifiedSince(tx, mail))) return false;
  const { locale } = mail;
  if (!(await postalRecipient(tx, person, { country: 'DE', locale }))) return false;
  const { changes } = decryptJson<MailParams['permissions-changed']>(person.key, mail.params_enc);
  await queueLetters(tx, at, { person, locale }, changes);
  return true;
}

/** A later mail that is still queued counts too: if it fails, this job handles it. */
async function notifiedSince(tx: Tx, { id, person_id }: MailTable): Promise<boolean> {
  const later = await tx
    .selectFrom('mails')
    .select('id')
    .where('person_id', '=', person_id)
    .where('kind', '=', 'permissions-changed')
    .where('id', '>', id)
    .where('state', 'in', ['queued', 'sending', 'sent'])
    .where('paper_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return later !== undefined;
}
