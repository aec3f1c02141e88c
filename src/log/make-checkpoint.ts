import type { Db, Tx } from '#db/connect.ts';
import { signCheckpoint } from './checkpoint.ts';
import { consistencyProof, type Hash, rootOf } from './merkle-tree.ts';
import { logSize, passLogGate } from './sequence.ts';
import { sha256 } from './sha256.ts';
import type { NoteSigner } from './signed-note.ts';
import { treeOf } from './tile-store.ts';
import { isConsistent } from './verify-proof.ts';

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
    if (last) await assertContinues(tx, { size: Number(last.size), root: last.root }, { size, root });
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

/** Nothing is signed that contradicts what was signed before (C2SP tlog-checkpoint, Signatures). */
async function assertContinues(
  tx: Tx,
  older: { size: number; root: string },
  newer: { size: number; root: Hash },
): Promise<void> {
  const proof = await consistencyProof(older.size, newer.size, treeOf(tx));
  const signed = { size: older.size, root: Buffer.from(older.root, 'hex') };
  const continues = older.size <= newer.size && (await isConsistent(sha256, signed, newer, proof));
  if (!continues) {
    throw new Error(
      `The log does not begin with the ${older.size} entries that were signed before. Run: npm run jawort -- ledger verify`,
    );
  }
}
