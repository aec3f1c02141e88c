import { sql } from 'kysely';
import type { Db } from '#db/connect.ts';
import { packedTogether } from '#db/packed-lines.ts';
import { prepared } from '#db/prepared.ts';
import type { Facts } from './facts.ts';
import { packedRestricted } from './load-restricted.ts';
import { type KnownPurpose, packedPurpose, readPurpose } from './purpose.ts';
import type { SortedKeys } from './sorted-keys.ts';
import { packedStandings, type Standings, standingNow } from './standing.ts';
import { packedSuppressions, readSuppressions } from './suppressions.ts';

interface LookedUp {
  /** `undefined` when nothing is asked for under this key, or not any more. */
  purpose: KnownPurpose | undefined;
  standings: Standings;
  suppressions: Map<number, Facts['suppressions']>;
  /** As `loadRestricted` takes them. */
  restricted: string | null;
}

/**
 * The purpose and what is known of these addresses, by a single statement: nothing of it can change in between, and who
 * asks about one address waits for the database once. How they stood in the past the ledger tells: then no standing is
 * looked up.
 */
export async function lookUpAddresses(
  db: Db,
  { purpose: purposeKey, past }: { purpose: string; past: boolean },
  keys: SortedKeys,
): Promise<LookedUp> {
  const lookUp = past ? lookUpBesides : lookUpAll;
  const [found] = await lookUp(db, { list: keys.list, purposeKey, most: keys.count + 1 });
  const purpose = readPurpose(purposeKey, found?.purpose);
  return {
    purpose,
    standings: standingNow(found?.standings, keys),
    suppressions: readSuppressions(found?.suppressions, keys, purpose?.id),
    restricted: found?.restricted ?? null,
  };
}

interface Asked {
  list: string;
  purposeKey: string;
  most: number;
}

const lookUpAll = prepared((db, of: Asked) => {
  const purposeId = sql<string>`(select id from purposes where key = ${of.purposeKey})`;
  return packedTogether(db, { ...besides(db, of), standings: packedStandings(db, of.list, purposeId) });
});

const lookUpBesides = prepared((db, of: Asked) =>
  packedTogether(db, { ...besides(db, of), standings: sql<null>`null` }),
);

function besides(db: Db, of: Asked) {
  return {
    purpose: packedPurpose(db, of.purposeKey),
    suppressions: packedSuppressions(db, of.list),
    restricted: packedRestricted(db, of.most),
  };
}
