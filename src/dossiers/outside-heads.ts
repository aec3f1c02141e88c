import type { Db } from '#db/connect.ts';
import { findStampOf } from '#src/log/find-stamp.ts';
import type { Story } from './story.ts';

/** A head of the log that somebody outside of this machine has stamped or cosigned. */
export interface OutsideHead {
  size: number;
  /** As it was signed here, and stamped. */
  note: string;
  /** The lines of witnesses (C2SP tlog-cosignature). */
  cosignatures: string[];
  /** The whole answer of the time-stamping service (RFC 3161), if it stamped this head. */
  tsr: Uint8Array | null;
}

/**
 * For each event the oldest head that others have stamped or cosigned: it shows the earliest time by which the event was
 * recorded. Uses are left out: there are many, and they are of no use against the person.
 *
 * @param witnesses their keys: lines of others are left out
 */
export async function readOutsideHeads(
  db: Db,
  { events }: Story,
  witnesses: string[],
): Promise<OutsideHead[]> {
  const heads = new Map<number, OutsideHead>();
  for (const { log } of events.filter(({ kind }) => kind !== 'used')) {
    const [first] = log;
    if (!first) continue;
    const stamp = await findStampOf(db, first.index);
    if (stamp) heads.set(stamp.size, { ...stamp, cosignatures: [] });
    const cosigned = await findCosignedHead(db, first.index);
    if (cosigned && !heads.has(cosigned.size)) {
      heads.set(cosigned.size, { ...cosigned, cosignatures: [], tsr: null });
    }
  }
  for (const head of heads.values()) head.cosignatures = await cosignaturesOf(db, head.size, witnesses);
  return [...heads.values()];
}

async function findCosignedHead(
  db: Db,
  index: number,
): Promise<Pick<OutsideHead, 'size' | 'note'> | undefined> {
  const row = await db
    .selectFrom('log_cosignatures')
    .innerJoin('log_checkpoints', 'log_checkpoints.size', 'log_cosignatures.size')
    .select(['log_checkpoints.size', 'log_checkpoints.note'])
    .where('log_cosignatures.size', '>', index)
    .orderBy('log_cosignatures.size')
    .limit(1)
    .executeTakeFirst();
  return row && { size: Number(row.size), note: row.note };
}

async function cosignaturesOf(db: Db, size: number, witnesses: string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('log_cosignatures')
    .select(['line', 'witness'])
    .where('size', '=', size)
    .orderBy('witness')
    .execute();
  const names = witnesses.map((key) => key.split('+')[0]);
  return rows.filter(({ witness }) => names.includes(witness)).map(({ line }) => line);
}
