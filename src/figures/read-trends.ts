import type { Db } from '#db/connect.ts';
import { filterRows } from './filter-rows.ts';
import { bucketsOf, type FigureFilter } from './period.ts';

export interface Trend {
  /** By day, week or month. Without the current one, which would look like a fall. */
  course: number[];
  /** The sum, today included. */
  confirmed: number;
}

/** Confirmed requests by form id. */
export async function readTrends(db: Db, filter: FigureFilter): Promise<Map<string, Trend>> {
  const days = await filterRows(db.selectFrom('form_days'), filter)
    .select(['form_id', 'day'])
    .select((eb) => eb.fn.sum<number>('confirmed').as('confirmed'))
    .groupBy(['form_id', 'day'])
    .execute();
  const buckets = bucketsOf(filter).filter(({ open }) => !open);
  return new Map(
    [...Map.groupBy(days, ({ form_id }) => form_id)].map(([formId, own]) => {
      const between = (from: string, to: string) =>
        own
          .filter(({ day }) => day >= from && day <= to)
          .reduce((sum, { confirmed }) => sum + Number(confirmed), 0);
      const course = buckets.map(({ from, to }) => between(from, to));
      return [formId, { course, confirmed: between(filter.from, filter.to) }];
    }),
  );
}
