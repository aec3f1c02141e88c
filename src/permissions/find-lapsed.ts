import type { Db } from '#db/connect.ts';
import { hasInvalidText, type MatrixCell } from '#src/ledger/permission-matrix.ts';
import { unusedUntil } from '#src/purposes/unused-until.ts';

/**
 * Ids of granted permissions that may not be used: unused for too long, or given to a text that legal declared invalid.
 * They need a new consent.
 */
export async function findLapsed(db: Db, cells: MatrixCell[], at: string): Promise<Set<string>> {
  const granted = cells.flatMap(({ state, permissionId }) =>
    state === 'granted' && permissionId ? [permissionId] : [],
  );
  const ends = await unusedUntil(db, granted);
  const unused = [...ends].flatMap(([id, lapse]) => (lapse.at <= at ? [id] : []));
  const invalid = cells.flatMap((cell) => (hasInvalidText(cell) ? (cell.permissionId ?? []) : []));
  return new Set([...unused, ...invalid]);
}
