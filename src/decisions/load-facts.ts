import { type Db, isOneOf } from '#db/connect.ts';
import type { Channel, SuppressionTable } from '#db/schema.ts';
import type { Facts, Jurisdiction } from './facts.ts';
import type { Ground } from './ground-record.ts';
import { loadChecks } from './load-checks.ts';
import { loadGrounds } from './load-grounds.ts';
import { loadRestricted } from './load-restricted.ts';
import { loadTexts, type TextFacts } from './load-texts.ts';
import { loadUses } from './load-uses.ts';
import { permissionFacts } from './permission-facts.ts';
import { permissionsAt } from './permissions-at.ts';
import type { KnownPurpose } from './purpose.ts';
import { contactPointsAt, type Standing, standingNow } from './standing.ts';

/** What is asked about many addresses at once. */
export interface Asking {
  purpose: KnownPurpose | undefined;
  channel: Channel;
  jurisdiction: Jurisdiction;
  /** The moment that the answer is for. */
  at: string;
  /** Whether that moment lies in the past: then the ledger is folded up to it. */
  past: boolean;
}

/** The facts about one address, with what the answer names besides. */
export interface LoadedFacts {
  facts: Facts;
  standing?: Standing;
  text?: TextFacts;
}

/**
 * Everything that decisions about these addresses need, in a number of queries that does not grow with theirs.
 * Answers with the way from a hash to its facts; `undefined` stands for an address that could not be read.
 */
export async function loadFacts(
  db: Db,
  asking: Asking,
  hashes: (string | undefined)[],
): Promise<(hash: string | undefined) => LoadedFacts> {
  const wanted = [...new Set(hashes.filter((hash) => hash !== undefined))];
  if (wanted.length === 0 || !asking.purpose) return (hash) => ({ facts: nothingKnown(hash) });
  const standing = asking.past
    ? await contactPointsAt(db, asking.purpose.id, wanted, asking.at)
    : await standingNow(db, asking.purpose.id, wanted);
  const restricted = await loadRestricted(db, wanted, asking.at);
  const checks = await loadChecks(db, asking, wanted);
  const suppressions = await loadSuppressions(db, asking.purpose.id, wanted);
  const granted = [...standing.values()].filter((one) => one.permission?.state === 'granted');
  const texts = await loadTexts(db, granted);
  const grounds = await loadGrounds(db, granted, asking.at);
  const uses = await loadUses(db, granted, texts, asking);
  const others = await loadOthers(db, asking, [...standing.values()]);
  return (hash) => {
    const facts = nothingKnown(hash);
    if (hash === undefined) return { facts };
    facts.suppressions = suppressions.get(hash) ?? facts.suppressions;
    facts.restricted = restricted.has(hash);
    facts.checks = checks.get(hash);
    const found = standing.get(hash);
    if (!found) return { facts };
    facts.contactPointKnown = true;
    facts.otherPermissions = others.get(found.contactPointId) ?? facts.otherPermissions;
    const { permission } = found;
    const text = permission?.text_version_id ? texts.get(permission.text_version_id) : undefined;
    if (permission) {
      facts.permission = permissionFacts(
        permission,
        text,
        grounds.get(permission.id) ?? noGrounds,
        uses.get(permission.id) ?? 0,
        asking.at,
      );
    }
    return { facts, standing: found, text };
  };
}

const noGrounds: Ground[] = [];
const noOthers = { samePurposeOtherChannel: false, otherPurpose: false };

function nothingKnown(hash: string | undefined): Facts {
  return {
    contactPointValid: hash !== undefined,
    contactPointKnown: false,
    otherPermissions: noOthers,
    suppressions: [],
    restricted: false,
  };
}

async function loadSuppressions(
  db: Db,
  purposeId: string,
  hashes: string[],
): Promise<Map<string, Facts['suppressions']>> {
  const rows = await db
    .selectFrom('suppressions')
    .select(['lookup_hash', 'reason', 'created_at', 'until', 'lifted_at'])
    .where(isOneOf(db, 'lookup_hash', hashes))
    .where('reason', '<>', 'not_me')
    .where((eb) => eb.or([eb('purpose_id', 'is', null), eb('purpose_id', '=', purposeId)]))
    .execute();
  const byHash = new Map<string, Facts['suppressions']>();
  for (const row of rows) {
    const reason = row.reason as Exclude<SuppressionTable['reason'], 'not_me'>;
    const all = byHash.get(row.lookup_hash) ?? [];
    all.push({ reason, at: row.created_at, until: row.until, liftedAt: row.lifted_at });
    byHash.set(row.lookup_hash, all);
  }
  return byHash;
}

/** For those without a permission: whether there is one of another kind. It only words the "no". */
async function loadOthers(
  db: Db,
  asking: Asking,
  all: Standing[],
): Promise<Map<string, Facts['otherPermissions']>> {
  const without = all.filter(({ permission }) => !permission || permission.state === 'none');
  if (without.length === 0) return new Map();
  const points = await db
    .selectFrom('contact_points')
    .select(['id', 'person_id'])
    .where(
      isOneOf(
        db,
        'person_id',
        without.map(({ personId }) => personId),
      ),
    )
    .execute();
  const ids = points.map(({ id }) => id);
  const granted = asking.past
    ? (await permissionsAt(db, ids, asking.at)).filter(({ state }) => state === 'granted')
    : await grantedNow(db, ids);
  const personOf = new Map(points.map((point) => [point.id, point.person_id]));
  const others = new Map<string, Facts['otherPermissions']>();
  const reached = new Set(
    granted
      .filter((one) => one.purpose_id === asking.purpose?.id)
      .map((one) => personOf.get(one.contact_point_id)),
  );
  const allowsOther = new Set(
    granted.filter((one) => one.purpose_id !== asking.purpose?.id).map((one) => one.contact_point_id),
  );
  for (const { contactPointId, personId } of without) {
    others.set(contactPointId, {
      samePurposeOtherChannel: reached.has(personId),
      otherPurpose: allowsOther.has(contactPointId),
    });
  }
  return others;
}

async function grantedNow(db: Db, contactPointIds: string[]) {
  return db
    .selectFrom('permissions')
    .select(['contact_point_id', 'purpose_id'])
    .where(isOneOf(db, 'contact_point_id', contactPointIds))
    .where('state', '=', 'granted')
    .execute();
}
