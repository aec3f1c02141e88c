import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { FigureMarkTable } from '#db/schema/figures.ts';

/** Steps of requests that the ledger does not record, with the request if it still exists. */
export async function pendingMarks(db: Db | Tx, limit: number) {
  return db
    .selectFrom('figure_marks')
    .leftJoin('signups', 'signups.id', 'figure_marks.signup_id')
    .select(['figure_marks.signup_id', 'figure_marks.step'])
    .select(['signups.form_id', 'signups.source', 'signups.requested_at', 'signups.test'])
    .orderBy('figure_marks.signup_id')
    .orderBy('figure_marks.step')
    .limit(limit)
    .execute();
}

export type PendingMark = Awaited<ReturnType<typeof pendingMarks>>[number];

export async function removeMarks(tx: Tx, marks: PendingMark[]): Promise<void> {
  for (const [step, sameStep] of Map.groupBy(marks, (mark) => mark.step)) {
    const ids = sameStep.map(({ signup_id }) => signup_id);
    await tx
      .deleteFrom('figure_marks')
      .where('step', '=', step satisfies FigureMarkTable['step'])
      .where(isOneOf(tx, 'signup_id', ids))
      .execute();
  }
}
