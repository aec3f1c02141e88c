import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';

/** Where the log holds a row: one entry when it was added, and one for each change of its facts. Oldest first. */
export interface LogPlace {
  index: number;
  /** Hash of the leaf, hex. */
  leaf: string;
  /** When it was put into the log. */
  at: string;
  /** Kind and key of the row, as in `src/log/sources.ts`. */
  kind: string;
  ref: string;
  /** Canonical JSON: what the log says of the row. SHA-256(0x00 ‖ body) is the leaf. */
  body: string;
}

/** The entries about a row of this kind. */
export type PlacesOf = (kind: string, ref: string) => LogPlace[];

/**
 * The entries of the log about these rows, as of a moment. A row that was logged later has the first entry about it: the log
 * takes a second, and began later than the oldest rows.
 */
export async function readLogPlaces(db: Db, refs: string[], at: string): Promise<PlacesOf> {
  const rows = await db
    .selectFrom('log_entries')
    .select(['idx', 'kind', 'ref', 'at', 'body', 'leaf'])
    .where(isOneOf(db, 'ref', [...new Set(refs)]))
    .orderBy('idx')
    .execute();
  const places = Map.groupBy(rows, ({ kind, ref }) => `${kind} ${ref}`);
  return (kind, ref) => {
    const all = places.get(`${kind} ${ref}`) ?? [];
    const byThen = all.filter((entry) => entry.at <= at);
    return (byThen.length > 0 ? byThen : all.slice(0, 1)).map(({ idx, ...entry }) => ({
      index: Number(idx),
      ...entry,
    }));
  };
}
