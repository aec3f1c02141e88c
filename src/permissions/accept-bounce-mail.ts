import type { App } from '#src/app/app.ts';
import { readBounceMail } from '#src/mail/bounce-mail.ts';
import { parseAddress } from '#src/people/find-by-address.ts';
import { suppress } from '#src/people/suppress.ts';
import { notifyByLetter } from './notify-by-letter.ts';

export type BounceMailOutcome =
  | 'blocked'
  | 'blocked_before'
  /** Delayed, mailbox full, refused by a policy: the mailbox may still exist. */
  | 'not_dead'
  | 'not_a_report'
  | 'unknown_mail'
  | 'other_recipient';

/**
 * Blocks a mailbox that a bounce mail reports as dead. Anyone can write such a mail, so it counts only if it names the
 * Message-ID and the recipient of a mail we sent: the id is random and known only to the servers on the way.
 */
export async function acceptBounceMail(app: App, source: Uint8Array): Promise<BounceMailOutcome> {
  const bounce = await readBounceMail(source);
  if (!bounce) return 'not_a_report';
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx): Promise<BounceMailOutcome> => {
    const mail = await tx
      .selectFrom('mails')
      .innerJoin('contact_points', 'contact_points.id', 'mails.contact_point_id')
      .select(['mails.id', 'contact_points.lookup_hash'])
      .where('mails.id', '=', bounce.messageId.split('@', 1)[0] ?? '')
      .where('mails.state', '=', 'sent')
      .executeTakeFirst();
    if (!mail) return 'unknown_mail';
    const [address] = parseAddress(app.keys, bounce.recipient, 'email');
    if (!address || address.hash !== mail.lookup_hash) return 'other_recipient';
    if (!bounce.isDead) return 'not_dead';
    const blocked = await suppress(tx, at, [address], 'bounce');
    await notifyByLetter(tx, app, at, [mail.id]);
    return blocked > 0 ? 'blocked' : 'blocked_before';
  });
}
