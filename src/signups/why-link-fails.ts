import type { App } from '#src/app/app.ts';
import { findByToken, isOver } from './find-by-token.ts';
import { isNoLongerAsked, signupItems } from './signup-items.ts';

/** Why the link of a confirmation mail does nothing any more. */
export type DeadLink =
  | 'already_confirmed'
  | 'already_rejected'
  | 'expired'
  /** Legal has stopped all the words that it asks in, or declared them invalid. */
  | 'no_longer_asked'
  | 'unknown_link';

export async function whyLinkFails(app: App, token: string): Promise<DeadLink> {
  const found = await findByToken(app, token);
  if (!found) return 'unknown_link';
  if (found.signup.state === 'confirmed') return 'already_confirmed';
  if (found.signup.state === 'rejected') return 'already_rejected';
  if (found.replaced || isOver(app, found.signup) || found.signup.state !== 'open') return 'expired';
  return isNoLongerAsked(await signupItems(app.db, found.signup.id)) ? 'no_longer_asked' : 'unknown_link';
}
