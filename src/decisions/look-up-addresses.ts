import { sql } from 'kysely';
import type { Db } from '#db/connect.ts';
import { packedTogether } from '#db/packed-lines.ts';
import { prepared } from '#db/prepared.ts';
import type { Facts } from './facts.ts';
import { packedRestricted } from './load-restricted.ts';
import { packedSuppressions, readSuppressions } from './load-suppressions.ts';
import { type KnownPurpose, packedPurpose, readPurpose } from './purpose.ts';
import type { SortedKeys } from './sorted-keys.ts';
import { packedStandings, type Standings, standingNow } from './standing.ts';

export interface LookedUp {
  /** `undefined` when nothing is asked for under this key, or not any more. */
  purpose: KnownPurpose | undefined;
  standings: Standings;
  suppressions: Map<number, Facts['suppressions']>;
  /** As `loadRestricted` takes them. */
  restricted: string | null;
}

/**
 * The purpose and what is known of these addresses now, by a single statement: nothing of it can change in between, and
 * who asks about one address waits for the database once.
 */
export async function lookUpAddresses(db: Db, purposeKey: string, keys: SortedKeys): Promise<LookedUp> {
  const [found] = await lookUp(db, { list: keys.list, purposeKey, most: keys.count + 1 });
  const purpose = readPurpose(purposeKey, found?.purpose);
  return {
    purpose,
    standings: standingNow(found?.standings, keys),
    suppressions: readSuppressions(found?.suppressions, keys, purpose?.id),
    restricted: found?.restricted ?? null,
  };
}

const lookUp = prepared((db, of: { list: string; purposeKey: string; most: number }) => {
  const purposeId = sql<string>`(select id from purposes where key = ${of.purposeKey})`;
  return packedTogether(db, {
    purpose: packedPurpose(db, of.purposeKey),
    standings: packedStandings(db, of.list, purposeId),
    suppressions: packedSuppressions(db, of.list),
    restricted: packedRestricted(db, of.most),
  });
});
