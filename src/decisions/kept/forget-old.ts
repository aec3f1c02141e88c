import type { App } from '#src/app/app.ts';

const batchesAtOnce = 1000;

/**
 * Deletes the answers whose term is over: the end of as many years after theirs as the strictest purpose keeps proof
 * (law.md 3.8). Their roots stay in the log.
 */
export async function forgetOldDecisions({ db, now }: Pick<App, 'db' | 'now'>): Promise<{ batches: number }> {
  const { years } = await db
    .selectFrom('purposes')
    .select((eb) => eb.fn.max('proof_years').as('years'))
    .executeTakeFirstOrThrow();
  const firstKept = now().getUTCFullYear() - Number(years ?? 3);
  const due = await db
    .selectFrom('decision_batches')
    .select('id')
    .where('minute', '<', `${firstKept}-01-01`)
    .where('root_id', 'is not', null)
    .limit(batchesAtOnce)
    .execute();
  if (due.length === 0) return { batches: 0 };
  const ids = due.map(({ id }) => id);
  await db.deleteFrom('decision_batches').where('id', 'in', ids).execute();
  return { batches: ids.length };
}
