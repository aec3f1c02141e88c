import type { Db, Tx } from '#db/connect.ts';
import { writeLater } from '#db/later.ts';
import { optimistically } from '#db/optimistic.ts';
import type { MailTable } from '#db/schema.ts';

/** What becomes of a mail. */
export interface Verdict {
  id: string;
  set: Partial<Omit<MailTable, 'id'>> & Pick<MailTable, 'state'>;
}

/**
 * Writes down what became of mails, all at once: of a batch that was half marked, the rest would go out
 * as another request, and come twice.
 */
export async function markAll(db: Db, verdicts: Verdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  await optimistically(db, async (tx) => {
    for (const [, alike] of Map.groupBy(verdicts, ({ set }) => JSON.stringify(set))) await mark(tx, alike);
  });
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
