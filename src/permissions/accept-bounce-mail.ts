import type { App } from '#src/app/app.ts';
import { readBounceMail } from '#src/mail/bounce-mail.ts';
import { readAddress } from '#src/people/find-by-address.ts';
import { suppress } from '#src/people/suppress.ts';
import { tellOnPaper } from './tell-on-paper.ts';

export type BounceMailOutcome =
  | 'blocked'
  | 'blocked_before'
  /** Delayed, full, refused by a policy: the mailbox may well live. */
  | 'not_dead'
  /** No delivery report, or none about a mail that we sent to this recipient: anybody may write one. */
  | 'not_a_report'
  | 'unknown_mail'
  | 'other_recipient';

/**
 * Takes a mail that came back. It is believed only when it names a mail that was sent from here, to whom it was sent: the
 * Message-ID is random, and known to nobody but the servers on the way.
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
    const [address] = readAddress(app.keys, bounce.recipient, 'email');
    if (!address || address.hash !== mail.lookup_hash) return 'other_recipient';
    if (!bounce.isDead) return 'not_dead';
    const blocked = await suppress(tx, at, [address], 'bounce');
    await tellOnPaper(tx, app, at, [mail.id]);
    return blocked > 0 ? 'blocked' : 'blocked_before';
  });
}
