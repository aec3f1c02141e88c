import { setTimeout as wait } from 'node:timers/promises';
import type { Db, Tx } from '#db/connect.ts';
import { isDatabaseUnavailable } from '#db/errors.ts';
import { writeLater } from '#db/later.ts';
import { optimistically } from '#db/optimistic.ts';
import type { MailTable } from '#db/schema.ts';
import { suppress } from '#src/people/suppress.ts';

/** What becomes of a mail. */
export interface Verdict {
  id: string;
  set: Partial<Omit<MailTable, 'id'>> & Pick<MailTable, 'state'>;
}

/**
 * Writes down what became of mails, all at once: of a batch that was half marked, the rest would go out
 * as another request, and come twice. The mailboxes that turned out not to exist, named by the ids of their contact
 * points, are blocked with it. Tried again for a while when the database is away, because a sent mail that is not
 * marked goes out again.
 */
export async function markAll(
  db: Db,
  verdicts: Verdict[],
  deadMailboxes: string[],
  at: string,
): Promise<void> {
  if (verdicts.length === 0) return;
  for (const giveUpAt = Date.now() + patienceMillis; ; ) {
    try {
      return await markOnce(db, verdicts, deadMailboxes, at);
    } catch (error) {
      if (!isDatabaseUnavailable(error) || Date.now() > giveUpAt) throw error;
      await wait(250);
    }
  }
}

const patienceMillis = 20_000;

async function markOnce(db: Db, verdicts: Verdict[], deadMailboxes: string[], at: string): Promise<void> {
  const markIn = async (tx: Tx) => {
    for (const [, alike] of Map.groupBy(verdicts, ({ set }) => JSON.stringify(set))) await mark(tx, alike);
  };
  if (deadMailboxes.length === 0) return optimistically(db, markIn);
  await db.transaction().execute(async (tx) => {
    await markIn(tx);
    await block(tx, at, deadMailboxes);
  });
}

/** No such mailbox: a block, and no event, for its owner has said nothing. Staff and testers have no entry in it. */
async function block(tx: Tx, at: string, contactPointIds: string[]): Promise<void> {
  const points = await tx
    .selectFrom('contact_points')
    .select(['channel', 'lookup_hash'])
    .where('id', 'in', contactPointIds)
    .execute();
  const addresses = points.flatMap(({ channel, lookup_hash: hash }) => (hash ? { channel, hash } : []));
  await suppress(tx, at, addresses, 'bounce');
}

async function mark(tx: Tx, alike: Verdict[]): Promise<void> {
  const set = alike[0]?.set;
  if (!set) return;
  const ids = alike.map(({ id }) => id);
  const update = tx
    .updateTable('mails')
    .set({ claimed_until: null, ...set })
    .where('id', 'in', ids)
    .where('state', '<>', 'sent');
  // That it was sent is true whoever holds it by now; anything else is for its present holder to say.
  await writeLater(tx, set.state === 'sent' ? update : update.where('state', '=', 'sending'));
}
