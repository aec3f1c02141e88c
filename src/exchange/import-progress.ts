import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { keepClaim } from './import-claim.ts';
import type { Import } from './imports.ts';
import { type LineOutcome, lineOutcomes } from './try-rows.ts';

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

/** Adds a batch to the counts and remarks of the import. */
export async function saveProgress(
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
  const remarks = outcomes.flatMap(({ line, outcome, why }) =>
    outcome === 'usable' ? [] : [{ import_id: id, line, outcome, why: why ?? '' }],
  );
  if (remarks.length > 0) await tx.insertInto('import_lines').values(remarks).execute();
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
export async function endImport(
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

/** Deletes an import that was only a check. */
export async function dropImport(app: App, id: string): Promise<void> {
  await app.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('import_parts').where('import_id', '=', id).execute();
    await tx.deleteFrom('import_lines').where('import_id', '=', id).execute();
    await tx.deleteFrom('imports').where('id', '=', id).where('landed_rows', '=', 0).execute();
  });
}
