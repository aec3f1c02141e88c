import type { Db } from '#db/connect.ts';
import { delayBars, delayCounts, medianMinutes } from './delays.ts';
import { filterRows } from './filter-rows.ts';
import type { FigureFilter } from './period.ts';

export interface Delays {
  median: number | undefined;
  bars: { from: number; to: number; confirmed: number }[];
  confirmed: number;
}

/** How long it took from request to confirmation. */
export async function readDelays(db: Db, filter: FigureFilter): Promise<Delays> {
  const found = await filterRows(db.selectFrom('confirm_delays'), filter)
    .select('minutes')
    .select((eb) => eb.fn.sum<number>('confirmed').as('confirmed'))
    .groupBy('minutes')
    .execute();
  const rows = found.map(({ minutes, confirmed }) => ({ minutes, confirmed: Number(confirmed) }));
  const counts = delayCounts(rows);
  return {
    median: medianMinutes(rows),
    bars: delayBars.map((bar, index) => ({ ...bar, confirmed: counts[index] ?? 0 })),
    confirmed: counts.reduce((sum, count) => sum + count, 0),
  };
}
