import { setTimeout as wait } from 'node:timers/promises';
import { defineAct, performAct } from '#db/acts.ts';
import type { Db, Tx } from '#db/connect.ts';
import { isDatabaseUnavailable } from '#db/errors.ts';
import type { MailTable } from '#db/schema/mails.ts';
import { declareWrite } from '#db/writes.ts';
import { suppress } from '#src/people/suppress.ts';

/** The new column values of a mail after an attempt. */
export interface MailUpdate {
  id: string;
  set: Partial<Omit<MailTable, 'id'>> & Pick<MailTable, 'state'>;
}

/**
 * Stores the updates in one transaction: if only half of a batch were stored, the rest would be sent again as a
 * different request, and arrive twice. Also blocks the mailboxes that do not exist, named by contact point ids. Retries
 * while the database is unavailable, because a sent mail that is not marked is sent again.
 */
export async function markAll(
  db: Db,
  updates: MailUpdate[],
  deadMailboxes: string[],
  at: string,
): Promise<void> {
  if (updates.length === 0) return;
  for (const giveUpAt = Date.now() + retryMillis; ; ) {
    try {
      return await markOnce(db, updates, deadMailboxes, at);
    } catch (error) {
      if (!isDatabaseUnavailable(error) || Date.now() > giveUpAt) throw error;
      await wait(250);
    }
  }
}

const retryMillis = 20_000;

async function markOnce(db: Db, updates: MailUpdate[], deadMailboxes: string[], at: string): Promise<void> {
  const exclusively = async (tx: Tx) => {
    for (const [, equal] of Map.groupBy(updates, ({ set }) => JSON.stringify(set))) await mark(tx, equal);
    await block(tx, at, deadMailboxes);
  };
  const sent = updates.flatMap(sentMail);
  if (deadMailboxes.length > 0 || sent.length < updates.length) {
    return db.transaction().execute(exclusively);
  }
  await performAct(db, sentMails, {
    async attempt(_, rows) {
      for (const mail of sent) await markSent(rows, mail);
    },
    exclusively,
  });
}

function sentMail({ id, set }: MailUpdate) {
  const { state, sent_at = null, provider_id = null, provider_answer = null } = set;
  return state === 'sent' ? [{ id, sent_at, provider_id, provider_answer }] : [];
}

const markSent = declareWrite((db, of: ReturnType<typeof sentMail>[number]) =>
  db
    .updateTable('mails')
    .set({
      state: 'sent',
      claimed_until: null,
      sent_at: of.sent_at,
      provider_id: of.provider_id,
      provider_answer: of.provider_answer,
    })
    .where('id', '=', of.id)
    .where('state', '<>', 'sent'),
);

const sentMails = defineAct('sent_mails', [markSent]);

/** Blocks the mailboxes. There is no ledger event, because the owner did not withdraw anything. Skips staff and testers. */
async function block(tx: Tx, at: string, contactPointIds: string[]): Promise<void> {
  if (contactPointIds.length === 0) return;
  const points = await tx
    .selectFrom('contact_points')
    .select(['channel', 'lookup_hash'])
    .where('id', 'in', contactPointIds)
    .execute();
  const addresses = points.flatMap(({ channel, lookup_hash: hash }) => (hash ? { channel, hash } : []));
  await suppress(tx, at, addresses, 'bounce');
}

/** All updates set the same values. */
async function mark(tx: Tx, updates: MailUpdate[]): Promise<void> {
  const set = updates[0]?.set;
  if (!set) return;
  const ids = updates.map(({ id }) => id);
  const update = tx
    .updateTable('mails')
    .set({ claimed_until: null, ...set })
    .where('id', 'in', ids)
    .where('state', '<>', 'sent');
  // "Sent" is always stored. Other results are stored only while this worker still holds the lease.
  await (set.state === 'sent' ? update : update.where('state', '=', 'sending')).execute();
}
