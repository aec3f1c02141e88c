import type { Db } from '#db/connect.ts';
import { within } from './filtered.ts';
import { bucketsOf, type FigureFilter } from './period.ts';

/** How many requests of each day, week or month were confirmed, by form id. */
export async function readTrends(db: Db, filter: FigureFilter): Promise<Map<string, number[]>> {
  const days = await within(db.selectFrom('form_days'), filter)
    .select(['form_id', 'day'])
    .select((eb) => eb.fn.sum<number>('confirmed').as('confirmed'))
    .groupBy(['form_id', 'day'])
    .execute();
  const buckets = bucketsOf(filter);
  return new Map(
    [...Map.groupBy(days, ({ form_id }) => form_id)].map(([formId, own]) => {
      const values = buckets.map(({ from, to }) =>
        own
          .filter(({ day }) => day >= from && day <= to)
          .reduce((sum, { confirmed }) => sum + Number(confirmed), 0),
      );
      return [formId, values];
    }),
  );
}
