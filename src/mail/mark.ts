import { setTimeout as wait } from 'node:timers/promises';
import type { Db, Tx } from '#db/connect.ts';
import { isDatabaseUnavailable } from '#db/errors.ts';
import { writeLater } from '#db/later.ts';
import { optimistically } from '#db/optimistic.ts';
import type { MailTable } from '#db/schema.ts';
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
  const markIn = async (tx: Tx) => {
    for (const [, equal] of Map.groupBy(updates, ({ set }) => JSON.stringify(set))) await mark(tx, equal);
  };
  if (deadMailboxes.length === 0) return optimistically(db, markIn);
  await db.transaction().execute(async (tx) => {
    await markIn(tx);
    await block(tx, at, deadMailboxes);
  });
}

/** Blocks the mailboxes. There is no ledger event, because the owner did not withdraw anything. Skips staff and testers. */
async function block(tx: Tx, at: string, contactPointIds: string[]): Promise<void> {
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
  await writeLater(tx, set.state === 'sent' ? update : update.where('state', '=', 'sending'));
}
