import type { Db } from '#db/connect.ts';
import { keyList } from '#db/key-lists.ts';

/** Lookup hashes as the list that `keyTable` reads. */
export interface SortedKeys {
  list: string;
  /** The index in the question of the key at each place of the list. */
  indexes: Uint32Array;
  /** How many addresses the question has, with invalid ones. */
  count: number;
}

/**
 * Keys nearly in the order of the database index: neighbours lie on the same page, which saves half of the reads with
 * twenty thousand keys at a time. Sorting by the first four characters is enough.
 */
export function sortedKeys(db: Db, hashes: (string | undefined)[]): SortedKeys {
  const ranks = new Float64Array(hashes.length);
  let valid = 0;
  for (let index = 0; index < hashes.length; index++) {
    const hash = hashes[index];
    if (hash === undefined) continue;
    ranks[valid] = firstFour(hash) * mostIndexes + index;
    valid += 1;
  }
  const indexes = new Uint32Array(valid);
  const keys: string[] = [];
  for (const rank of ranks.subarray(0, valid).sort()) {
    const index = rank % mostIndexes;
    indexes[keys.length] = index;
    keys.push(hashes[index] as string);
  }
  return { list: keyList(db, keys), indexes, count: hashes.length };
}

/** Each valid hash once. */
export function distinct(hashes: (string | undefined)[]): string[] {
  return [...new Set(hashes.filter((hash) => hash !== undefined))];
}

const mostIndexes = 2 ** 24;

function firstFour(hash: string): number {
  let rank = 0;
  for (let place = 0; place < 4; place++) rank = rank * 128 + (hash.charCodeAt(place) & 127);
  return rank;
}
