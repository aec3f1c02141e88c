import type { Db } from '#db/connect.ts';
import { readConcurrently } from '#db/read-concurrently.ts';
import type { Channel } from '#db/schema.ts';
import type { FoundContactPoints } from './contact-points.ts';
import type { Facts, Jurisdiction, OtherPermissions, SuppressionFacts } from './facts.ts';
import { findContactPoints, findContactPointsAt } from './find-contact-points.ts';
import type { Ground } from './ground-record.ts';
import { loadChecks } from './load-checks.ts';
import { loadGrounds } from './load-grounds.ts';
import { loadOtherPermissions } from './load-other-permissions.ts';
import { loadRestricted } from './load-restricted.ts';
import { loadTexts, type TextFacts } from './load-texts.ts';
import { type CountUses, countUseRows, loadUses, type Uses } from './load-uses.ts';
import { type DecisionPurpose, findDecisionPurpose } from './purpose.ts';
import { type RowsNeedingDetail, rowsNeedingDetail } from './rows-needing-detail.ts';
import { type SortedKeys, sortedKeys } from './sorted-keys.ts';
import { findSuppressions, suppressionsByIndex } from './suppressions.ts';
import { findWideSuppressions, type WideKey } from './wide-suppressions.ts';

/** One question about many addresses. */
export interface FactsRequest {
  /** Its key. */
  purpose: string;
  channel: Channel;
  jurisdiction: Jurisdiction;
  /** The moment that the answer is for. */
  at: string;
  /** Whether that moment lies in the past: then permissions are folded from the ledger. */
  past: boolean;
}

/** The addresses of a question, each by its index. */
export interface Addresses {
  /** Lookup hashes. `undefined`: the address is not valid. */
  hashes: (string | undefined)[];
  wide: WideKey[];
}

/** How the rows of which there may be one for every address come out of the database. `scrub/` packs them. */
export interface RowReader {
  findContactPoints: (db: Db, keys: SortedKeys, purposeKey: string) => Promise<FoundContactPoints>;
  countUses: CountUses;
}

const plainRows: RowReader = { findContactPoints, countUses: countUseRows };

/** Everything that decisions about these addresses need. */
export interface LoadedFacts {
  at: string;
  hashes: (string | undefined)[];
  purpose: DecisionPurpose;
  contactPoints: FoundContactPoints;
  /** By index. */
  suppressions: ReadonlyMap<number, SuppressionFacts[]>;
  /** Lookup hashes. */
  restricted: ReadonlySet<string>;
  /** By lookup hash. */
  checks: ReadonlyMap<string, NonNullable<Facts['checks']>>;
  /** By version. */
  texts: ReadonlyMap<string, TextFacts>;
  /** By permission. */
  grounds: ReadonlyMap<string, Ground[]>;
  /** By contact point. */
  others: ReadonlyMap<string, OtherPermissions>;
  uses: Uses;
  detailed: RowsNeedingDetail;
}

/** In a number of queries that does not grow with the addresses. `undefined` when the purpose is unknown or retired. */
export async function loadFacts(
  db: Db,
  request: FactsRequest,
  { hashes, wide }: Addresses,
  rows: RowReader = plainRows,
): Promise<LoadedFacts | undefined> {
  const { channel, at, past } = request;
  const keys = sortedKeys(db, hashes);
  const [purpose, current, exact, wider, restricted, checks] = await readConcurrently(
    db,
    () => findDecisionPurpose(db, request.purpose),
    async () => (past ? undefined : rows.findContactPoints(db, keys, request.purpose)),
    () => findSuppressions(db, keys),
    () => findWideSuppressions(db, channel, wide, hashes),
    () => loadRestricted(db, hashes, at),
    () => loadChecks(db, request, hashes),
  );
  if (!purpose) return undefined;
  const contactPoints = current ?? (await findContactPointsAt(db, keys, purpose.id, at));
  const detailed = rowsNeedingDetail(contactPoints, hashes.length);
  const [texts, grounds, others] = await readConcurrently(
    db,
    () => loadTexts(db, textsOf(contactPoints)),
    () => loadGrounds(db, detailed.needGrounds, at),
    () => loadOtherPermissions(db, { purposeId: purpose.id, at, past }, detailed.withoutPermission),
  );
  const uses = await loadUses(db, contactPoints, hashes.length, texts, request, rows.countUses);
  const suppressions = suppressionsByIndex([...exact, ...wider], purpose.id);
  return {
    ...{ at, hashes, purpose, contactPoints, suppressions, restricted },
    ...{ checks, texts, grounds, others, uses, detailed },
  };
}

function textsOf({ kinds }: FoundContactPoints): Set<string> {
  return new Set(
    kinds.flatMap(({ common }) => (common?.state === 'granted' ? (common.text_version_id ?? []) : [])),
  );
}
