import type { App } from '#src/app/app.ts';
import { contactPointValue } from '#src/people/contact-points.ts';
import { blockKeys } from '#src/signups/mailbox-block.ts';
import { openManageLink } from './open-link.ts';

/**
 * Lifts the block set by "that was not me". Needs a fresh link: it was mailed within the last day, so its holder reads
 * the protected mailbox. An older link may have been forwarded.
 */
export async function liftMailBlock(
  app: App,
  link: string,
): Promise<{ outcome: 'lifted' | 'stale' | 'unknown_link' | 'revoked' }> {
  const now = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const opened = await openManageLink(app, tx, link);
    if (opened.outcome !== 'found') return opened;
    if (!opened.fresh || !opened.mailbox) return { outcome: 'stale' };
    const address = contactPointValue(opened.person, opened.mailbox);
    await tx
      .updateTable('suppressions')
      .set({ lifted_at: now })
      .where('lookup_hash', 'in', blockKeys(app.keys, address))
      .where('reason', '=', 'not_me')
      .where('lifted_at', 'is', null)
      .execute();
    return { outcome: 'lifted' };
  });
}
