import type { Db } from '#db/connect.ts';
import type { StoredCheckpoint } from './make-checkpoint.ts';

/** The signed note of a checkpoint, with the lines of the witnesses that have cosigned it. */
export async function cosignedNote(db: Db, { size, note }: StoredCheckpoint): Promise<string> {
  const rows = await db
    .selectFrom('log_cosignatures')
    .select('line')
    .where('size', '=', size)
    .orderBy('witness')
    .execute();
  return note + rows.map(({ line }) => line).join('');
}
