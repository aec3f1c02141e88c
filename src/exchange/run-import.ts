import { setImmediate } from 'node:timers/promises';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { decryptJson, unwrapPersonKey } from '#src/people/encryption.ts';
import { recordAudit } from '#src/staff/audit.ts';
import type { ImportRow } from './import-row.ts';
import { findImport, type Import, requireImport } from './imports.ts';
import { type LineOutcome, landRows, lineOutcomes, rowsAtOnce, tryRows } from './try-rows.ts';

/**
 * Checks a filed import, and lands it once it is released. It works in batches, so requests are answered in between, and
 * each batch commits its progress: after a crash another process continues there, and no line lands twice. False when
 * another process holds the import, or there is nothing to do.
 */
export function runImport(app: App, id: string, patienceMs = Number.POSITIVE_INFINITY): Promise<boolean> {
  const work = run(app, id, patienceMs);
  const all = runningImports.get(app) ?? new Set();
  runningImports.set(app, all);
  all.add(work);
  return work.finally(() => all.delete(work));
}

const runningImports = new WeakMap<App, Set<Promise<unknown>>>();

/** Resolves when this process has stopped working on imports. */
export async function whenImportsStopped(app: App): Promise<void> {
  await Promise.allSettled(runningImports.get(app) ?? []);
}

async function run(app: App, id: string, patienceMs: number): Promise<boolean> {
  if (app.stopping?.aborted) return false;
  const holder = await claim(app, id);
  if (!holder) return false;
  const end = Date.now() + patienceMs;
  try {
    for (;;) {
      const here = await requireImport(app.db, id);
      if (here.claimed_by !== holder) return true;
      const continues = here.state === 'checking' ? await checkNext(app, here) : await landNext(app, here);
      if (!continues || Date.now() > end || app.stopping?.aborted) return true;
      await setImmediate();
    }
  } catch (error) {
    if (error instanceof ClaimLostError) return true;
    throw error;
  } finally {
    await app.db
      .updateTable('imports')
      .set({ claimed_until: null, claimed_by: null })
      .where('id', '=', id)
      .where('claimed_by', '=', holder)
      .execute();
  }
}

/** Runs in the background. A failure is logged, and the job tries again. */
export function runImportLater(app: App, id: string): void {
  runImport(app, id).catch((error) => interrupted(app, id, error));
}

function interrupted(app: App, id: string, error: unknown): false {
  app.log.error({ import: id, reason: String(error) }, 'import.interrupted');
  return false;
}

/** The job: continues imports that a process left behind, and discards files that were not released for a month. */
export async function runImports(app: App): Promise<{ imports: number }> {
  const at = app.now().getTime();
  const open = await app.db
    .selectFrom('imports')
    .select('id')
    .where('state', 'in', ['checking', 'landing'])
    // The process that filed it starts at once.
    .where('filed_at', '<', new Date(at - 10_000).toISOString())
    .orderBy('id')
    .execute();
  let imports = 0;
  for (const { id } of open) {
    // A failing import does not block the others; the next round tries it again.
    const worked = await runImport(app, id, 20_000).catch((error) => interrupted(app, id, error));
    if (worked) imports += 1;
  }
  await discardExpired(app);
  return { imports };
}

/** After this time another process takes over from one that died. Each batch renews the claim. */
const claimSeconds = 15;
const keptDays = 30;

/** Returns the id of our claim; `undefined` when another process holds the import. */
async function claim(app: App, id: string): Promise<string | undefined> {
  const at = app.now();
  const holder = newId();
  const claimed = await app.db
    .updateTable('imports')
    .set({ claimed_until: claimEnd(at), claimed_by: holder })
    .where('id', '=', id)
    .where('state', 'in', ['checking', 'landing'])
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', at.toISOString())]))
    .returning('id')
    .execute();
  return claimed.length > 0 ? holder : undefined;
}

/**
 * Renews our claim and locks the import until the transaction ends. Throws when another process has taken it over, which
 * rolls the transaction back.
 */
async function keepClaim(tx: Tx, app: App, { id, claimed_by }: Import): Promise<void> {
  const kept = await tx
    .updateTable('imports')
    .set({ claimed_until: claimEnd(app.now()) })
    .where('id', '=', id)
    .where('claimed_by', '=', claimed_by)
    .returning('id')
    .execute();
  if (kept.length === 0) throw new ClaimLostError(`Another process has taken over the import ${id}.`);
}

class ClaimLostError extends Error {}

function claimEnd(at: Date): string {
  return new Date(at.getTime() + claimSeconds * 1000).toISOString();
}

/** False when the check is complete and the import has to wait for a release, or has failed. */
async function checkNext(app: App, here: Import): Promise<boolean> {
  const rows = await partAt(app, here, here.checked_rows);
  if (!rows) return finishCheck(app, here);
  const outcomes = await tryRows(app, rows, here.filed_by);
  await app.db.transaction().execute((tx) => note(tx, app, here, outcomes, 'checked_rows'));
  return true;
}

/** One refused line keeps the whole file from landing, until the file is corrected. */
async function finishCheck(app: App, here: Import): Promise<boolean> {
  const { id, refused, released_by } = here;
  await app.db.transaction().execute(async (tx) => {
    await keepClaim(tx, app, here);
    if (refused > 0) await end(tx, id, 'faulty', app.now().toISOString());
    else if (released_by === null)
      await tx.updateTable('imports').set({ state: 'waiting' }).where('id', '=', id).execute();
    else await startLanding(tx, id);
  });
  return refused === 0 && released_by !== null;
}

/** From now on the counts are those of landed lines. */
export async function startLanding(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('imports')
    .set({ state: 'landing', ...zeroCounts })
    .where('id', '=', id)
    .execute();
  await tx.deleteFrom('import_lines').where('import_id', '=', id).execute();
}

const zeroCounts = {
  ...(Object.fromEntries(lineOutcomes.map((outcome) => [outcome, 0])) as Record<
    LineOutcome['outcome'],
    number
  >),
  short_of: '{}',
};

async function landNext(app: App, here: Import): Promise<boolean> {
  if (here.state !== 'landing') return false;
  const rows = await partAt(app, here, here.landed_rows);
  if (!rows) {
    const at = app.now().toISOString();
    await app.db.transaction().execute(async (tx) => {
      await keepClaim(tx, app, here);
      await end(tx, here.id, 'landed', at);
      // Recorded here, whichever process finishes the import. Releases at the desk are in the audit trail already.
      const { origin, released_by, filed_by, rows } = here;
      if (origin === 'command_line' && released_by === filed_by)
        await recordAudit(tx, at, null, 'import.released', `import:${here.id}`, { rows });
    });
    return false;
  }
  await landRows(app, rows, here.filed_by, (tx, outcomes) => note(tx, app, here, outcomes, 'landed_rows'));
  return true;
}

/** The batch after this many rows; `undefined` after the last one. All batches but the last have the same size. */
async function partAt(app: App, here: Import, after: number): Promise<ImportRow[] | undefined> {
  return rowsOfPart(app, here, Math.ceil(after / rowsAtOnce));
}

/** The rows of one batch, counted from 0. `undefined` when there is none, or the file was deleted. */
export async function rowsOfPart(
  app: App,
  { id, key_wrapped }: Import,
  number: number,
): Promise<ImportRow[] | undefined> {
  const part = await app.db
    .selectFrom('import_parts')
    .select('rows_enc')
    .where('import_id', '=', id)
    .where('number', '=', number)
    .executeTakeFirst();
  if (!part || !key_wrapped) return undefined;
  return decryptJson<ImportRow[]>(unwrapPersonKey(app.keys, key_wrapped), part.rows_enc);
}

async function note(
  tx: Tx,
  app: App,
  here: Import,
  outcomes: LineOutcome[],
  column: 'checked_rows' | 'landed_rows',
): Promise<void> {
  const { id, short_of } = here;
  const count = (outcome: LineOutcome['outcome']) => outcomes.filter((one) => one.outcome === outcome).length;
  await keepClaim(tx, app, here);
  await tx
    .updateTable('imports')
    .set((eb) => ({
      [column]: eb(column, '+', outcomes.length),
      ...Object.fromEntries(lineOutcomes.map((one) => [one, eb(one, '+', count(one))])),
      short_of: JSON.stringify(shortOf(outcomes, JSON.parse(short_of) as Record<string, number>)),
    }))
    .where('id', '=', id)
    .execute();
  const told = outcomes.flatMap(({ line, outcome, why }) =>
    outcome === 'usable' ? [] : [{ import_id: id, line, outcome, why: why ?? '' }],
  );
  if (told.length > 0) await tx.insertInto('import_lines').values(told).execute();
}

/** Counts the unusable lines by the reason of their decision. */
export function shortOf(
  outcomes: LineOutcome[],
  before: Record<string, number> = {},
): Record<string, number> {
  const all = { ...before };
  for (const { reason } of outcomes) if (reason) all[reason] = (all[reason] ?? 0) + 1;
  return all;
}

/** Deletes the lines of the file and the key that could read them. The report stays. */
export async function end(
  tx: Tx,
  id: string,
  state: 'faulty' | 'landed' | 'discarded',
  at: string,
): Promise<void> {
  await tx
    .updateTable('imports')
    .set({ state, ended_at: at, key_wrapped: null })
    .where('id', '=', id)
    .execute();
  await tx.deleteFrom('import_parts').where('import_id', '=', id).execute();
}

async function discardExpired(app: App): Promise<void> {
  const at = app.now();
  const before = new Date(at.getTime() - keptDays * 86_400_000).toISOString();
  const old = await app.db
    .selectFrom('imports')
    .select('id')
    .where('state', 'in', ['mapping', 'waiting'])
    .where('filed_at', '<', before)
    .execute();
  for (const { id } of old) {
    await app.db.transaction().execute((tx) => end(tx, id, 'discarded', at.toISOString()));
  }
}

/** Runs the import and returns its new state. `undefined`: there is no such import. */
export async function importAfter(app: App, id: string): Promise<Import | undefined> {
  await runImport(app, id);
  return findImport(app.db, id);
}

/** Deletes an import that was only a check. */
export async function dropImport(app: App, id: string): Promise<void> {
  await app.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('import_parts').where('import_id', '=', id).execute();
    await tx.deleteFrom('import_lines').where('import_id', '=', id).execute();
    await tx.deleteFrom('imports').where('id', '=', id).where('landed_rows', '=', 0).execute();
  });
}
