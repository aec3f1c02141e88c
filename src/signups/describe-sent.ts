import type { App } from '#src/app/app.ts';
import { readSentHandle } from './sent-handle.ts';

export type DescribedSent =
  | { state: 'waiting'; address: string; expiresAt: string }
  | { state: 'confirmed' | 'expired' | 'unknown' };

/**
 * What the sent page shows: what its reader sent, and whether it was confirmed since.
 *
 * Everything else comes from the handle. The person who typed the address must not learn that the owner of the mailbox
 * said no, or had asked before.
 */
export async function describeSent(app: App, handle: string): Promise<DescribedSent> {
  const sent = readSentHandle(app.keys, handle);
  if (!sent) return { state: 'unknown' };
  const signup = await app.db
    .selectFrom('signups')
    .select('state')
    .where('id', '=', sent.signupId)
    .executeTakeFirst();
  if (signup?.state === 'confirmed') return { state: 'confirmed' };
  if (sent.expiresAt <= app.now().toISOString()) return { state: 'expired' };
  return { state: 'waiting', address: sent.address, expiresAt: sent.expiresAt };
}
