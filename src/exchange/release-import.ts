import type { Db } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import type { ApiKey } from './api-keys.ts';
import { fileImport, fileUnmatched, type ImportFile, matchColumns } from './file-import.ts';
import type { PlanFault } from './import-columns.ts';
import { endImport, startLanding } from './import-progress.ts';
import { findImport, type Import } from './imports.ts';
import type { Mapping } from './mapping.ts';

/** `filed_before`: the same form was sent again. */
export type FileAtDeskResult =
  | { outcome: 'unreadable'; fault: PlanFault }
  | { outcome: 'filed' | 'filed_before' };

/** A file with unknown columns waits until they are matched. */
export async function fileAtDesk(
  app: App,
  by: Actor,
  file: ImportFile & { id: string },
): Promise<FileAtDeskResult> {
  requireAbility(by, 'imports.file');
  const filer = { origin: 'staff' as const, id: by.id, name: by.name, releases: false };
  try {
    const result = await fileImport(app, file, filer);
    if (result.outcome === 'unreadable') {
      if (!matchableFaults.includes(result.fault.code)) return result;
      await fileUnmatched(app, file, filer);
    }
    const at = app.now().toISOString();
    await app.db.transaction().execute((tx) => recordAudit(tx, at, by, 'import.filed', `import:${file.id}`));
    return { outcome: 'filed' };
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: 'filed_before' };
    throw error;
  }
}

const matchableFaults: PlanFault['code'][] = [
  'missing_columns',
  'unknown_columns',
  'duplicate_column',
  'state_unanswered',
];

/** Sets the column of each field. Returns the fault, or `undefined` when the file is now being checked. */
export async function matchAtDesk(
  app: App,
  by: Actor,
  here: Import,
  mapping: Mapping,
): Promise<PlanFault | undefined> {
  requireAbility(by, 'imports.file');
  // Written first, so it is known before the file can be released.
  await app.db
    .updateTable('imports')
    .set({ matched_by: by.id })
    .where('id', '=', here.id)
    .where('state', '=', 'mapping')
    .execute();
  return matchColumns(app, here, mapping);
}

/**
 * True when a file of this key lands without a second person. Not while a file of the key's maker waits, from the desk or
 * from any of their keys: with the key they could land alone what a second person has to review.
 */
export async function landsAtOnce(db: Db, { scopes, madeBy, mayActAlone }: ApiKey): Promise<boolean> {
  if (!scopes.has('admin') || !mayActAlone) return false;
  if (madeBy === null) return true;
  const waiting = await db
    .selectFrom('imports')
    .select('id')
    .where('state', 'in', ['mapping', 'checking', 'waiting'])
    .where('released_by', 'is', null)
    .where((eb) =>
      eb.or([
        eb('filed_by', '=', madeBy),
        eb('filed_by', 'in', eb.selectFrom('api_keys').select('api_keys.id').where('made_by', '=', madeBy)),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return waiting === undefined;
}

/** True for the person who filed the import, at the desk or with a key that they made, or who matched its columns. */
export async function tookPartIn(db: Db, here: Import, staffId: string): Promise<boolean> {
  if (here.filed_by === staffId || here.matched_by === staffId) return true;
  if (here.origin !== 'api') return false;
  const key = await db
    .selectFrom('api_keys')
    .select('made_by')
    .where('id', '=', here.filed_by)
    .executeTakeFirst();
  return key?.made_by === staffId;
}

/** `own`: the person who filed it can't release it. */
export type ReleaseResult = { outcome: 'released' | 'own' | 'not_waiting' | 'unknown' };

/** An import needs two people: one files it, another one reviews the check and releases it. */
export async function releaseImport(app: App, by: Actor, id: string): Promise<ReleaseResult> {
  requireAbility(by, 'imports.release');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx): Promise<ReleaseResult> => {
    const found = await findImport(tx, id);
    if (!found) return { outcome: 'unknown' };
    if (found.state !== 'waiting') return { outcome: 'not_waiting' };
    if (await tookPartIn(tx, found, by.id)) return { outcome: 'own' };
    const [released] = await tx
      .updateTable('imports')
      .set({ released_by: by.id, released_by_name: by.name, released_at: at })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .returning('rows')
      .execute();
    if (!released) return { outcome: 'not_waiting' };
    await startLanding(tx, id);
    await recordAudit(tx, at, by, 'import.released', `import:${id}`, { rows: released.rows });
    return { outcome: 'released' };
  });
}

/** False when the import has landed or was discarded already. */
export async function discardImport(app: App, by: Actor, id: string): Promise<boolean> {
  requireAbility(by, 'imports.file');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const [waiting] = await tx
      .updateTable('imports')
      .set({ state: 'discarded' })
      .where('id', '=', id)
      .where('state', 'in', ['mapping', 'waiting'])
      .returning('rows')
      .execute();
    if (!waiting) return false;
    await endImport(tx, id, 'discarded', at);
    await recordAudit(tx, at, by, 'import.discarded', `import:${id}`, { rows: waiting.rows });
    return true;
  });
}
