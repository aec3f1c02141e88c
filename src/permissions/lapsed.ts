import type { Db } from '#db/connect.ts';
import { hasInvalidText, type MatrixCell } from '#src/ledger/permission-matrix.ts';
import { unusedUntil } from '#src/purposes/unused-until.ts';

/**
 * The ids of the permissions among these that stand at yes and do not count: unused for too long, or given in words that
 * legal has declared invalid. Only a new yes lets us again.
 */
export async function lapsedAmong(db: Db, cells: MatrixCell[], at: string): Promise<Set<string>> {
  const standing = cells.flatMap(({ state, permissionId }) =>
    state === 'granted' && permissionId ? [permissionId] : [],
  );
  const ends = await unusedUntil(db, standing);
  const unused = [...ends].flatMap(([id, lapse]) => (lapse.at <= at ? [id] : []));
  const invalid = cells.flatMap((cell) => (hasInvalidText(cell) ? (cell.permissionId ?? []) : []));
  return new Set([...unused, ...invalid]);
}
