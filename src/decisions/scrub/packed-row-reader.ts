import { keyList } from '#db/key-lists.ts';
import { prepared } from '#db/prepared.ts';
import { selectTogether } from '#db/select-together.ts';
import type { RowReader } from '../load-facts.ts';
import { useCountsQuery } from '../load-uses.ts';
import { readPackedAddresses } from './packed-contact-points.ts';
import { packRows, unpackRows } from './packed-rows.ts';

/** Reads the same rows as `loadFacts` does by itself, packed into one text for each query. */
export const packedRowReader: RowReader = {
  readAddresses: readPackedAddresses,
  countUses: async (db, { ids, indexes, start, at }) => {
    const [row] = await packedUseCounts(db, { list: keyList(db, ids), start, at });
    const counts: [number, number][] = [];
    for (const [place, times] of unpackRows(row?.lines)) {
      if (times !== '0') counts.push([indexes[Number(place)] ?? Number.NaN, Number(times)]);
    }
    return counts;
  },
};

const packedUseCounts = prepared((db, of: { list: string; start: string; at: string }) =>
  selectTogether(db, { lines: packRows(useCountsQuery(db, of), ['place', 'times']) }),
);
