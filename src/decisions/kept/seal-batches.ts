import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { merkleRoot } from '#src/log/merkle-tree.ts';

const batchesAtOnce = 500;

/**
 * Puts one root over all answers of the minutes that are over into the log. Answers that a process stores late are in the
 * root of a later minute.
 */
export async function sealBatches(
  { db, now }: Pick<App, 'db' | 'now'>,
  fence: (tx: Tx) => Promise<void> = async () => {},
): Promise<{ batches: number }> {
  const at = now().toISOString();
  return db.transaction().execute(async (tx) => {
    await fence(tx);
    const batches = await tx
      .selectFrom('decision_batches')
      .select(['id', 'calls', 'answers', 'root'])
      .where('root_id', 'is', null)
      .where('minute', '<', at.slice(0, 16))
      .orderBy('id')
      .limit(batchesAtOnce)
      .execute();
    if (batches.length === 0) return { batches: 0 };
    const id = newId();
    const sum = (of: 'calls' | 'answers') => batches.reduce((total, batch) => total + Number(batch[of]), 0);
    await tx
      .insertInto('decision_roots')
      .values({
        ...{ id, at, batches: batches.length, calls: sum('calls'), answers: sum('answers') },
        root: rootOfBatches(batches),
      })
      .execute();
    await tx
      .updateTable('decision_batches')
      .set({ root_id: id })
      .where(
        'id',
        'in',
        batches.map((batch) => batch.id),
      )
      .execute();
    return { batches: batches.length };
  });
}

/** Over batches in the order of their ids. Hexadecimal. */
export function rootOfBatches(batches: { root: string }[]): string {
  return Buffer.from(merkleRoot(batches.map(({ root }) => Buffer.from(root, 'hex')))).toString('hex');
}
