import type { Db } from '#db/connect.ts';
import { signCheckpoint } from './checkpoint.ts';
import { rootOf } from './merkle-tree.ts';
import { logSize, passLogGate } from './sequence.ts';
import type { NoteSigner } from './signed-note.ts';
import { treeOf } from './tile-store.ts';

export interface StoredCheckpoint {
  size: number;
  root: string;
  at: string;
  note: string;
}

/**
 * Signs the head of the log if it has grown since the last time; answers with the newest checkpoint, if there is any.
 * While a key is replaced, others sign beside it.
 */
export async function makeCheckpoint(
  db: Db,
  signer: NoteSigner,
  now: string,
  others: NoteSigner[] = [],
): Promise<StoredCheckpoint | undefined> {
  return db.transaction().execute(async (tx) => {
    await passLogGate(tx);
    const last = await tx
      .selectFrom('log_checkpoints')
      .selectAll()
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst();
    const size = await logSize(tx);
    if (size === 0 || size === last?.size) return last;
    const root = await rootOf(size, treeOf(tx));
    const checkpoint: StoredCheckpoint = {
      size,
      root: Buffer.from(root).toString('hex'),
      // A clock that was set back makes no checkpoint older than the one before it.
      at: last && last.at > now ? last.at : now,
      note: signCheckpoint({ origin: signer.name, size, root }, [signer, ...others]),
    };
    await tx.insertInto('log_checkpoints').values(checkpoint).execute();
    return checkpoint;
  });
}
