import type { Db } from '#db/connect.ts';
import type { MatrixCell } from '#src/ledger/permission-matrix.ts';
import { unusedUntil } from '#src/purposes/unused-until.ts';

/** The ids of the permissions among these that stand at yes and lie unused for too long: only a new yes lets us again. */
export async function lapsedAmong(db: Db, cells: MatrixCell[], at: string): Promise<Set<string>> {
  const standing = cells.flatMap(({ state, permissionId }) =>
    state === 'granted' && permissionId ? [permissionId] : [],
  );
  const ends = await unusedUntil(db, standing);
  return new Set([...ends].flatMap(([id, lapse]) => (lapse.at <= at ? [id] : [])));
}
