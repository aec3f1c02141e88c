import type { Db } from '#db/connect.ts';
import { filterRows } from './filter-rows.ts';
import { type Bucket, bucketsOf, type FigureFilter } from './period.ts';

export interface Flow extends Bucket {
  granted: number;
  /** Withdrawn, objected to, or expired. */
  ended: number;
}

/** Permissions that began and ended, day by day, week by week or month by month. */
export async function readFlow(db: Db, filter: FigureFilter): Promise<Flow[]> {
  const days = await filterRows(db.selectFrom('permission_days'), filter)
    .select('day')
    .select((eb) => [
      eb.fn.sum<number>('granted').as('granted'),
      eb.fn.sum<number>(eb('withdrawn', '+', eb.ref('expired'))).as('ended'),
    ])
    .groupBy('day')
    .execute();
  return bucketsOf(filter).map((bucket) => {
    const own = days.filter(({ day }) => day >= bucket.from && day <= bucket.to);
    return {
      ...bucket,
      granted: own.reduce((sum, { granted }) => sum + Number(granted), 0),
      ended: own.reduce((sum, { ended }) => sum + Number(ended), 0),
    };
  });
}
