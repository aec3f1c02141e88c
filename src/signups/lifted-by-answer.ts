import type { Tx } from '#db/connect.ts';
import type { SuppressionTable } from '#db/schema/suppressions.ts';

/** The blocks that a confirmation from the mailbox lifts: its owner can be reached there, and wants the mails. */
export const liftedByAnswer: SuppressionTable['reason'][] = ['bounce', 'objection'];

/** Whether this mailbox has a block that only a new confirmation lifts, whatever was granted before. */
export async function needsAnswer(tx: Tx, lookupHash: string | null): Promise<boolean> {
  if (lookupHash === null) return false;
  const block = await tx
    .selectFrom('suppressions')
    .select('id')
    .where('lookup_hash', '=', lookupHash)
    .where('reason', 'in', liftedByAnswer)
    .where('lifted_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return block !== undefined;
}
