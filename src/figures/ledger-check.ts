import type { App } from '#src/app/app.ts';

/** The name in `jobs` that holds the last check of the ledger, by a job or by hand. */
const name = 'ledger-verify';

export interface LedgerCheck {
  at: string;
  intact: boolean;
}

/** Records that the ledger was verified, and the result. */
export async function noteLedgerCheck({ db, now }: Pick<App, 'db' | 'now'>, intact: boolean): Promise<void> {
  const at = now().toISOString();
  const outcome = { last_run_at: at, last_outcome: intact ? 'intact' : 'faults' };
  await db
    .insertInto('jobs')
    .values({ name, due_at: at, claimed_until: null, ...outcome })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(outcome))
    .execute();
}

export async function lastLedgerCheck({ db }: Pick<App, 'db'>): Promise<LedgerCheck | null> {
  const row = await db.selectFrom('jobs').selectAll().where('name', '=', name).executeTakeFirst();
  return row?.last_run_at ? { at: row.last_run_at, intact: row.last_outcome === 'intact' } : null;
}
