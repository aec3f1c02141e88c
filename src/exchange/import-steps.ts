import type { App } from '#src/app/app.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { keepClaim } from './import-claim.ts';
import { rowsOfPart } from './import-parts.ts';
import { endImport, saveProgress, startLanding } from './import-progress.ts';
import type { ImportRow } from './import-row.ts';
import type { Import } from './imports.ts';
import { landRows, rowsAtOnce, tryRows } from './try-rows.ts';

/** False when the check is complete and the import has to wait for a release, or has failed. */
export async function checkNext(app: App, here: Import): Promise<boolean> {
  const rows = await partAt(app, here, here.checked_rows);
  if (!rows) return finishCheck(app, here);
  const outcomes = await tryRows(app, rows, here.filed_by);
  await app.db.transaction().execute((tx) => saveProgress(tx, app, here, outcomes, 'checked_rows'));
  return true;
}

/** One refused line keeps the whole file from landing, until the file is corrected. */
async function finishCheck(app: App, here: Import): Promise<boolean> {
  const { id, refused, released_by } = here;
  await app.db.transaction().execute(async (tx) => {
    await keepClaim(tx, app, here);
    if (refused > 0) await endImport(tx, id, 'faulty', app.now().toISOString());
    else if (released_by === null)
      await tx.updateTable('imports').set({ state: 'waiting' }).where('id', '=', id).execute();
    else await startLanding(tx, id);
  });
  return refused === 0 && released_by !== null;
}

/** False when the import has landed, or does not land. */
export async function landNext(app: App, here: Import): Promise<boolean> {
  if (here.state !== 'landing') return false;
  const rows = await partAt(app, here, here.landed_rows);
  if (!rows) {
    const at = app.now().toISOString();
    await app.db.transaction().execute(async (tx) => {
      await keepClaim(tx, app, here);
      await endImport(tx, here.id, 'landed', at);
      // Recorded here, whichever process finishes the import. Releases at the desk are in the audit trail already.
      const { origin, released_by, filed_by, rows } = here;
      if (origin === 'command_line' && released_by === filed_by)
        await recordAudit(tx, at, null, 'import.released', `import:${here.id}`, { rows });
    });
    return false;
  }
  await landRows(app, rows, here, (tx, outcomes) => saveProgress(tx, app, here, outcomes, 'landed_rows'));
  return true;
}

/** The batch after this many rows; `undefined` after the last one. All batches but the last have the same size. */
async function partAt(app: App, here: Import, after: number): Promise<ImportRow[] | undefined> {
  return rowsOfPart(app, here, Math.ceil(after / rowsAtOnce));
}
