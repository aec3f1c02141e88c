import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import { decryptJson, unwrapPersonKey } from '#src/people/encryption.ts';
import type { ImportRow } from './import-rows.ts';
import { findImport, type Import, requireImport } from './imports.ts';
import { type LineOutcome, landRows, lineOutcomes, rowsAtOnce, tryRows } from './try-rows.ts';

/**
 * Checks a file that came in, and lands it once it is released, some lines at a time, so that whoever signs up
 * meanwhile is answered. A process that dies on the way has noted with each step how far it came: the next one
 * goes on from there, so nothing is ever left half-landed and no line lands twice.
 */
export async function runImport(app: App, id: string, patienceMs = Number.POSITIVE_INFINITY): Promise<void> {
  if (!(await claim(app, id))) return;
  const end = Date.now() + patienceMs;
  try {
    for (;;) {
      const here = await requireImport(app.db, id);
      const goesOn = here.state === 'checking' ? await checkNext(app, here) : await landNext(app, here);
      if (!goesOn || Date.now() > end) return;
    }
  } finally {
    await app.db.updateTable('imports').set({ claimed_until: null }).where('id', '=', id).execute();
  }
}

/** Goes on after the answer is given. What fails is in the log, and the job takes it up again. */
export function runImportLater(app: App, id: string): void {
  setImmediate(() => {
    runImport(app, id).catch((error) =>
      app.log.error({ import: id, reason: String(error) }, 'import.interrupted'),
    );
  });
}

/** The job: what another process left behind, and files that nobody let in for a month. */
export async function runImports(app: App): Promise<{ imports: number }> {
  const at = app.now().getTime();
  const open = await app.db
    .selectFrom('imports')
    .select('id')
    .where('state', 'in', ['checking', 'landing'])
    // Whoever handed it in is at it at once.
    .where('filed_at', '<', new Date(at - 60_000).toISOString())
    .orderBy('id')
    .execute();
  for (const { id } of open) await runImport(app, id, 20_000);
  await discardForgotten(app);
  return { imports: open.length };
}

const minutesClaimed = 5;
const daysKept = 30;

async function claim(app: App, id: string): Promise<boolean> {
  const at = app.now();
  const claimed = await app.db
    .updateTable('imports')
    .set({ claimed_until: claimEnd(at) })
    .where('id', '=', id)
    .where('state', 'in', ['checking', 'landing'])
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', at.toISOString())]))
    .returning('id')
    .execute();
  return claimed.length > 0;
}

function claimEnd(at: Date): string {
  return new Date(at.getTime() + minutesClaimed * 60_000).toISOString();
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
async function settleCheck(app: App, { id, refused, released_by }: Import): Promise<boolean> {
  await app.db.transaction().execute(async (tx) => {
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
    await app.db.transaction().execute((tx) => end(tx, here.id, 'landed', at));
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
  { id, short_of }: Import,
  outcomes: LineOutcome[],
  column: 'checked_rows' | 'landed_rows',
): Promise<void> {
  const count = (outcome: LineOutcome['outcome']) => outcomes.filter((one) => one.outcome === outcome).length;
  await tx
    .updateTable('imports')
    .set((eb) => ({
      [column]: eb(column, '+', outcomes.length),
      ...Object.fromEntries(lineOutcomes.map((one) => [one, eb(one, '+', count(one))])),
      short_of: JSON.stringify(shortOf(outcomes, JSON.parse(short_of) as Record<string, number>)),
      claimed_until: claimEnd(app.now()),
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
