import type { Db } from '#db/connect.ts';
import type { MailTable } from '#db/schema.ts';

type Outcome = Partial<Omit<MailTable, 'id'>> & Pick<MailTable, 'state'>;

/** Writes down what became of a mail. */
export async function mark(db: Db, id: string, outcome: Outcome): Promise<void> {
  const update = db
    .updateTable('mails')
    .set({ claimed_until: null, ...outcome })
    .where('id', '=', id)
    .where('state', '<>', 'sent');
  // That it was sent is true whoever holds it by now; anything else is for its present holder to say.
  await (outcome.state === 'sent' ? update : update.where('state', '=', 'sending')).execute();
}
