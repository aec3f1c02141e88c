import type { Locale } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { readSentHandle } from '#src/links/signed-link.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';

export type DescribedSent =
  | { state: 'waiting'; form: string | null; address: string; expiresAt: string; locale: Locale }
  | { state: 'confirmed' | 'expired'; form: string | null }
  | { state: 'unknown' };

/** What the sent page shows to whoever sent the form: their own address, and nothing about who is known. */
export async function describeSent(app: App, handle: string): Promise<DescribedSent> {
  const id = readSentHandle(app.keys, handle);
  if (!id) return { state: 'unknown' };
  const row = await app.db
    .selectFrom('signups')
    .innerJoin('people', 'people.id', 'signups.person_id')
    .innerJoin('contact_points', 'contact_points.id', 'signups.contact_point_id')
    .leftJoin('forms', 'forms.id', 'signups.form_id')
    .select(['signups.state', 'signups.expires_at', 'signups.locale', 'forms.key as form'])
    .select(['people.key_wrapped', 'contact_points.value_enc'])
    .where('signups.id', '=', id)
    .executeTakeFirst();
  if (!row?.key_wrapped || !row.value_enc) return { state: 'unknown' };
  if (row.state === 'confirmed') return { state: 'confirmed', form: row.form };
  // That the owner of the mailbox said no is not for the eyes of whoever typed the address.
  const waiting = row.state === 'open' || row.state === 'rejected';
  if (!waiting || row.expires_at <= app.now().toISOString()) {
    return { state: 'expired', form: row.form };
  }
  return {
    state: 'waiting',
    form: row.form,
    address: decryptText(unwrapPersonKey(app.keys, row.key_wrapped), row.value_enc),
    expiresAt: row.expires_at,
    locale: row.locale,
  };
}
