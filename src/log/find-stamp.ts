import type { Db, Tx } from '#db/connect.ts';

/** A time stamp of a checkpoint: `note` is what it stamps, `tsr` the whole answer of its service (RFC 3161). */
export interface StampedCheckpoint {
  size: number;
  note: string;
  /** The time in the stamp, ISO. */
  at: string;
  tsr: Buffer;
}

/** The oldest stamp that covers the entry at `index`, and so shows the earliest time by which it was there. */
export async function findStampOf(db: Db | Tx, index: number): Promise<StampedCheckpoint | undefined> {
  const row = await db
    .selectFrom('log_stamps')
    .innerJoin('log_checkpoints', 'log_checkpoints.size', 'log_stamps.size')
    .select(['log_stamps.size', 'log_stamps.at', 'log_stamps.tsr', 'log_checkpoints.note'])
    .where('log_stamps.size', '>', index)
    .orderBy('log_stamps.size')
    .limit(1)
    .executeTakeFirst();
  return row && { ...row, size: Number(row.size), tsr: Buffer.from(row.tsr, 'base64') };
}
