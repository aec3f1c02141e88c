import { sql } from 'kysely';
import type { Db } from '#db/connect.ts';
import { packedTogether } from '#db/packed-lines.ts';
import { prepared } from '#db/prepared.ts';
import type { Facts } from './facts.ts';
import { packedRestricted } from './load-restricted.ts';
import { type KnownPurpose, packedPurpose, readPurpose } from './purpose.ts';
import type { SortedKeys } from './sorted-keys.ts';
import { packedStandings, type Standings, standingNow } from './standing.ts';
import { packedRefusals, packedSuppressions, readSuppressions, type WideKeys } from './suppressions.ts';

interface LookedUp {
  /** `undefined` when nothing is asked for under this key, or not any more. */
  purpose: KnownPurpose | undefined;
  standings: Standings;
  suppressions: Map<number, Facts['suppressions']>;
  /** As `loadRestricted` takes them. */
  restricted: string | null;
  /** As `addWider` takes them. */
  wider: string | null;
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
  wide: WideKeys | undefined,
): Promise<LookedUp> {
  const lookUp = lookUps[past ? 'besides' : 'all'][wide?.kind ?? 'exact'];
  const asked = { list: keys.list, wideList: wide?.keys.list ?? '', purposeKey, most: keys.count + 1 };
  const [found] = await lookUp(db, asked);
  const purpose = readPurpose(purposeKey, found?.purpose);
  return {
    purpose,
    standings: standingNow(found?.standings, keys),
    suppressions: readSuppressions(found?.suppressions, keys, purpose?.id),
    restricted: found?.restricted ?? null,
    wider: found?.wider ?? null,
  };
}

interface Asked {
  list: string;
  wideList: string;
  purposeKey: string;
  most: number;
}

/** One statement each: whoever asks about no letter and no sub-address pays nothing for them. */
const lookUps = {
  all: {
    exact: lookingUp('all', 'exact'),
    mailbox: lookingUp('all', 'mailbox'),
    door: lookingUp('all', 'door'),
  },
  besides: {
    exact: lookingUp('besides', 'exact'),
    mailbox: lookingUp('besides', 'mailbox'),
    door: lookingUp('besides', 'door'),
  },
};

function lookingUp(what: 'all' | 'besides', wide: 'exact' | WideKeys['kind']) {
  return prepared((db, of: Asked) => {
    const purposeId = sql<string>`(select id from purposes where key = ${of.purposeKey})`;
    return packedTogether(db, {
      purpose: packedPurpose(db, of.purposeKey),
      suppressions: packedSuppressions(db, of.list),
      restricted: packedRestricted(db, of.most),
      standings: what === 'all' ? packedStandings(db, of.list, purposeId) : sql<null>`null`,
      wider: widerOf(db, of.wideList, wide),
    });
  });
}

function widerOf(db: Db, list: string, wide: 'exact' | WideKeys['kind']) {
  if (wide === 'exact') return sql<null>`null`;
  return wide === 'door' ? packedRefusals(db, list) : packedSuppressions(db, list);
}
