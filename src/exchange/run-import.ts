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
 * Checks a file that came in, and lands it once it is released, some lines at a time, so that whoever signs up
 * meanwhile is answered. A process that dies on the way has noted with each step how far it came: the next one
 * goes on from there, so nothing is ever left half-landed and no line lands twice. False when another process is at
 * it, or there is nothing to do.
 */
export function runImport(app: App, id: string, patienceMs = Number.POSITIVE_INFINITY): Promise<boolean> {
  const work = run(app, id, patienceMs);
  const all = atWork.get(app) ?? new Set();
  atWork.set(app, all);
  all.add(work);
  return work.finally(() => all.delete(work));
}

const atWork = new WeakMap<App, Set<Promise<unknown>>>();

/** Resolves when this process works on no import any more. */
export async function importsAtRest(app: App): Promise<void> {
  await Promise.allSettled(atWork.get(app) ?? []);
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
      const goesOn = here.state === 'checking' ? await checkNext(app, here) : await landNext(app, here);
      if (!goesOn || Date.now() > end || app.stopping?.aborted) return true;
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

/** Goes on after the answer is given. What fails is in the log, and the job takes it up again. */
export function runImportLater(app: App, id: string): void {
  runImport(app, id).catch((error) => interrupted(app, id, error));
}

function interrupted(app: App, id: string, error: unknown): false {
  app.log.error({ import: id, reason: String(error) }, 'import.interrupted');
  return false;
}

/** The job: what another process left behind, and files that nobody let in for a month. */
export async function runImports(app: App): Promise<{ imports: number }> {
  const at = app.now().getTime();
  const open = await app.db
    .selectFrom('imports')
    .select('id')
    .where('state', 'in', ['checking', 'landing'])
    // Whoever handed it in is at it at once.
    .where('filed_at', '<', new Date(at - 10_000).toISOString())
    .orderBy('id')
    .execute();
  let imports = 0;
  for (const { id } of open) {
    // One that fails keeps no other waiting; the next round tries it again.
    const worked = await runImport(app, id, 20_000).catch((error) => interrupted(app, id, error));
    if (worked) imports += 1;
  }
  await discardForgotten(app);
  return { imports };
}

/** How soon another process takes over from one that died. It is renewed with each portion. */
const secondsClaimed = 15;
const daysKept = 30;

/** By whom the import is held from now on; `undefined` when another process has it. */
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
 * Renews the claim with which this import was read, and locks it until the transaction ends. Throws when another process
 * has taken it over since, and then nothing of the transaction is written.
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
  return new Date(at.getTime() + secondsClaimed * 1000).toISOString();
}

/** False when there is nothing left to check, or whoever has to let the file in is asked next. */
async function checkNext(app: App, here: Import): Promise<boolean> {
  const rows = await partAt(app, here, here.checked_rows);
  if (!rows) return settleCheck(app, here);
  const outcomes = await tryRows(app, rows, here.filed_by);
  await app.db.transaction().execute((tx) => note(tx, app, here, outcomes, 'checked_rows'));
  return true;
}

/** Nothing lands while one line cannot: then all wait for the file to be put right. */
async function settleCheck(app: App, here: Import): Promise<boolean> {
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

/** From here on the counts are of what became of the lines. */
export async function startLanding(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('imports')
    .set({ state: 'landing', ...nothingCounted })
    .where('id', '=', id)
    .execute();
  await tx.deleteFrom('import_lines').where('import_id', '=', id).execute();
}

const nothingCounted = {
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
      // Here, so that it is noted whoever finishes it. What the desk releases is in the trail already.
      const { origin, released_by, filed_by, rows } = here;
      if (origin === 'command_line' && released_by === filed_by)
        await recordAudit(tx, at, null, 'import.released', `import:${here.id}`, { rows });
    });
    return false;
  }
  await landRows(app, rows, here.filed_by, (tx, outcomes) => note(tx, app, here, outcomes, 'landed_rows'));
  return true;
}

/** The lines that come after so many; `undefined` behind the last one. All parts but the last are equally long. */
async function partAt(app: App, here: Import, after: number): Promise<ImportRow[] | undefined> {
  return rowsOfPart(app, here, Math.ceil(after / rowsAtOnce));
}

/** The rows of one part, counted from 0; `undefined` where there is none, or the file is gone. */
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

/** How many lines are unusable for which reason of a decision. */
export function shortOf(
  outcomes: LineOutcome[],
  before: Record<string, number> = {},
): Record<string, number> {
  const all = { ...before };
  for (const { reason } of outcomes) if (reason) all[reason] = (all[reason] ?? 0) + 1;
  return all;
}

/** The lines of the file are gone with the key that could read them; the report stays. */
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

async function discardForgotten(app: App): Promise<void> {
  const at = app.now();
  const before = new Date(at.getTime() - daysKept * 86_400_000).toISOString();
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

/** How the import stands, after it was worked on. `undefined`: there is no such import. */
export async function importAfter(app: App, id: string): Promise<Import | undefined> {
  await runImport(app, id);
  return findImport(app.db, id);
}

/** As if it had never been handed in: for a check alone. */
export async function dropImport(app: App, id: string): Promise<void> {
  await app.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('import_parts').where('import_id', '=', id).execute();
    await tx.deleteFrom('import_lines').where('import_id', '=', id).execute();
    await tx.deleteFrom('imports').where('id', '=', id).where('landed_rows', '=', 0).execute();
  });
}
