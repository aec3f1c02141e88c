import type { Db } from '#db/connect.ts';
import { readConcurrently } from '#db/read-concurrently.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { FoundContactPoints, Kind } from './contact-points.ts';
import type { Facts, Jurisdiction, OtherPermissions, SuppressionFacts } from './facts.ts';
import { findContactPointsAt } from './find-contact-points.ts';
import type { Ground } from './ground-record.ts';
import { loadChecks } from './load-checks.ts';
import { type CustomerRules, loadCustomerRules, noCustomerRules } from './load-customer-rules.ts';
import { loadGrounds } from './load-grounds.ts';
import { loadOtherPermissions } from './load-other-permissions.ts';
import { loadRestricted } from './load-restricted.ts';
import { loadTexts, type TextFacts } from './load-texts.ts';
import { type CountUses, countUseRows, loadUses, type Uses } from './load-uses.ts';
import type { DecisionPurpose } from './purpose.ts';
import { type ReadAddresses, readAddresses } from './read-addresses.ts';
import { type RowsNeedingDetail, rowsNeedingDetail } from './rows-needing-detail.ts';
import { sortedKeys } from './sorted-keys.ts';
import { suppressionsByIndex } from './suppressions.ts';
import { findWideSuppressions, type WideKey } from './wide-suppressions.ts';

/** One question about many addresses. */
export interface FactsRequest {
  /** Its key. */
  purpose: string;
  channel: Channel;
  /** The country whose law applies to all of them, where the question names it. */
  jurisdiction?: Jurisdiction;
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
  /** Of numbers and letter boxes. */
  countries: (string | undefined)[];
}

/** Reads the rows of which there can be one for every address. `scrub/` reads the same rows in a packed form. */
export interface RowReader {
  readAddresses: ReadAddresses;
  countUses: CountUses;
}

const plainRows: RowReader = { readAddresses, countUses: countUseRows };

/** Everything that decisions about these addresses need. */
export interface LoadedFacts {
  at: string;
  purpose: DecisionPurpose;
  /** The country whose law applies, by index. */
  jurisdictions: readonly Jurisdiction[];
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
  customerRules: CustomerRules;
}

/** The number of queries does not grow with the addresses. `undefined` when the purpose is unknown or retired. */
export async function loadFacts(
  db: Db,
  request: FactsRequest,
  { hashes, wide, countries }: Addresses,
  rows: RowReader = plainRows,
): Promise<LoadedFacts | undefined> {
  const { channel, at, past } = request;
  const keys = sortedKeys(db, hashes);
  const [addresses, wider] = await readConcurrently(
    db,
    () => rows.readAddresses(db, keys, request.purpose),
    () => findWideSuppressions(db, channel, wide, hashes),
  );
  const { purpose, restrictedPeople } = addresses;
  if (!purpose) return undefined;
  const contactPoints = past ? await findContactPointsAt(db, keys, purpose.id, at) : addresses.contactPoints;
  const detailed = rowsNeedingDetail(contactPoints, hashes.length);
  const jurisdictions = hashes.map((_, index) =>
    jurisdictionOf(request.jurisdiction, countries[index], contactPoints.kind(index)),
  );
  const [restricted, checks, texts, grounds, others] = await readConcurrently(
    db,
    () => loadRestricted(db, restrictedPeople, hashes, at),
    () => loadChecks(db, { channel, at }, hashes, jurisdictions),
    () => loadTexts(db, textsOf(contactPoints)),
    () => loadGrounds(db, detailed.needGrounds, at),
    () => loadOtherPermissions(db, { purposeId: purpose.id, at, past }, detailed.withoutPermission),
  );
  const uses = await loadUses(db, contactPoints, hashes.length, texts, request, rows.countUses);
  const customerRules = areCustomers(grounds)
    ? await loadCustomerRules(db, purpose.controller.id, at)
    : noCustomerRules;
  const suppressions = suppressionsByIndex([...addresses.suppressions, ...wider], purpose.id);
  return {
    ...{ at, purpose, jurisdictions, contactPoints, suppressions, restricted },
    ...{ checks, texts, grounds, others, uses, detailed, customerRules },
  };
}

/** As the question says, else by the number or letter box itself, else by what its owner told, else German law. */
export function jurisdictionOf(
  asked: Jurisdiction | undefined,
  ofAddress: string | undefined,
  kind: Pick<Kind, 'country'> | undefined,
): Jurisdiction {
  return asked ?? ofAddress ?? kind?.country ?? 'DE';
}

function areCustomers(grounds: ReadonlyMap<string, Ground[]>): boolean {
  return [...grounds.values()].some((all) => all.some(({ basis }) => basis === 'existing_customer'));
}

function textsOf({ kinds }: FoundContactPoints): Set<string> {
  return new Set(
    kinds.flatMap(({ common }) => (common?.state === 'granted' ? (common.text_version_id ?? []) : [])),
  );
}
