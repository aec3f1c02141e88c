import type { Db } from '#db/connect.ts';
import { keyList, keyTable } from '#db/key-lists.ts';
import { prepared } from '#db/prepared.ts';
import { readConcurrently } from '#db/read-concurrently.ts';
import type { Channel } from '#db/schema.ts';
import type { Facts, Jurisdiction } from './facts.ts';
import type { Ground } from './ground-record.ts';
import { loadChecks } from './load-checks.ts';
import { loadGrounds, needsGrounds } from './load-grounds.ts';
import { loadRestricted } from './load-restricted.ts';
import { loadTexts, type TextFacts } from './load-texts.ts';
import { loadRoomAgain, loadUses, startsOfPeriods, type Used } from './load-uses.ts';
import { lookUpAddresses } from './look-up-addresses.ts';
import { permissionFacts } from './permission-facts.ts';
import { permissionsAt } from './permissions-at.ts';
import type { KnownPurpose } from './purpose.ts';
import { distinct, sortedKeys } from './sorted-keys.ts';
import { type Kind, type Standing, type Standings, standingAt } from './standing.ts';
import { addWider, type WideKeys } from './suppressions.ts';

/** What is asked about many addresses at once. */
export interface Asking {
  /** Its key. */
  purpose: string;
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

/** What is known about the addresses of a question, each by its index. */
export interface KnownFacts {
  /** `undefined` when nothing is asked for under this key, or not any more. */
  purpose: KnownPurpose | undefined;
  standing(index: number): Standing | undefined;
  facts(index: number, standing: Standing | undefined): LoadedFacts;
  /**
   * Addresses with the same likeness differ in nothing that a decision looks at but when their permissions were given
   * and last used. `undefined`: this one is like no other.
   */
  likeness(index: number, standing: Standing | undefined): object | undefined;
}

/**
 * Everything that decisions about these addresses need, in a number of queries that does not grow with theirs.
 * `undefined` stands for an address that could not be read. `wide`: what else a no to them may be kept under.
 */
export async function loadFacts(
  db: Db,
  asking: Asking,
  hashes: (string | undefined)[],
  wide?: WideKeys,
): Promise<KnownFacts> {
  const keys = sortedKeys(db, hashes);
  const { at, past } = asking;
  const [{ purpose, suppressions, ...looked }, checks] = await readConcurrently(
    db,
    () => lookUpAddresses(db, asking, keys, wide),
    () => loadChecks(db, asking, hashes),
  );
  if (wide) addWider(suppressions, looked.wider, wide, hashes, purpose?.id);
  if (keys.indexes.length === 0 || !purpose) return nothingAbout(purpose, hashes);
  const standings = past ? await standingAt(db, purpose.id, hashes, at) : looked.standings;
  const closer = lookCloser(standings, hashes.length);
  const [restricted, texts, grounds, others] = await readConcurrently(
    db,
    () => loadRestricted(db, looked.restricted, hashes, at),
    () => loadTexts(db, textsOf(standings)),
    () => loadGrounds(db, closer.unproven, at),
    () => loadOthers(db, { ...asking, purposeId: purpose.id }, closer.without),
  );
  const used = maybeUsed(standings, hashes.length, startsOfPeriods(texts, at), past);
  const uses = await loadUses(db, used, at);
  const roomAgain = await loadRoomAgain(db, usedUpRolling(uses, standings, texts, at), at);
  // Of most addresses nothing but their kind is known, and a file of a million asks for it a million times.
  const special = new Uint8Array(hashes.length);
  for (const index of suppressions.keys()) special[index] = 1;
  for (const index of closer.indexes) special[index] = 1;
  for (const index of uses.keys()) special[index] = 1;
  const asked = restricted.size > 0 || checks.size > 0;
  for (let index = 0; index < hashes.length; index++) {
    const hash = hashes[index];
    if (hash === undefined || (asked && (restricted.has(hash) || checks.has(hash)))) special[index] = 1;
  }
  const variants = new Map<Kind, Map<number, object>>();

  function likenessOfSpecial(index: number, standing: Standing | undefined): object | undefined {
    const hash = hashes[index];
    if (hash === undefined) return unreadable;
    const kind = standings.kind(index);
    if (suppressions.has(index) || restricted.has(hash) || checks.has(hash) || !kind) return undefined;
    if (roomAgain.has(index)) return undefined;
    const { permission, contactPointId = '' } = standing ?? {};
    if (permission && grounds.has(permission.id)) return undefined;
    const used = uses.get(index) ?? 0;
    const { samePurposeOtherChannel, otherPurpose } = others.get(contactPointId) ?? noOthers;
    const variant = used * 4 + (samePurposeOtherChannel ? 2 : 0) + (otherPurpose ? 1 : 0);
    return variant === 0 ? kind : variantOf(variants, kind, variant);
  }

  const usesOf = (index: number) => ({ times: uses.get(index) ?? 0, freeAt: roomAgain.get(index) });

  return {
    purpose,
    standing: standings.standing,
    facts(index, standing) {
      const hash = hashes[index];
      const facts = nothingKnown(hash);
      if (hash === undefined) return { facts };
      facts.suppressions = suppressions.get(index) ?? facts.suppressions;
      facts.restricted = restricted.has(hash);
      facts.checks = checks.get(hash);
      if (!standing) return { facts };
      facts.contactPointKnown = true;
      facts.otherPermissions = others.get(standing.contactPointId) ?? facts.otherPermissions;
      const { permission } = standing;
      if (!permission) return { facts, standing };
      const text = permission.text_version_id === null ? undefined : texts.get(permission.text_version_id);
      const own = grounds.get(permission.id) ?? noGrounds;
      facts.permission = permissionFacts(permission, text, own, usesOf(index), at);
      return { facts, standing, text: permission.state === 'granted' ? text : undefined };
    },
    likeness: (index, standing) =>
      special[index] ? likenessOfSpecial(index, standing) : (standings.kind(index) ?? strangers),
  };
}

const unreadable = {};
const strangers = {};
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

function nothingAbout(purpose: KnownPurpose | undefined, hashes: (string | undefined)[]): KnownFacts {
  return {
    purpose,
    standing: () => undefined,
    facts: (index) => ({ facts: nothingKnown(hashes[index]) }),
    likeness: (index) => (hashes[index] === undefined ? unreadable : strangers),
  };
}

function variantOf(variants: Map<Kind, Map<number, object>>, kind: Kind, variant: number): object {
  const own = variants.get(kind) ?? new Map<number, object>();
  variants.set(kind, own);
  const known = own.get(variant) ?? {};
  own.set(variant, known);
  return known;
}

function textsOf({ kinds }: Standings): Set<string> {
  return new Set(
    kinds.flatMap(({ common }) => (common?.state === 'granted' ? (common.text_version_id ?? []) : [])),
  );
}

/** Of most contact points all is known by now. Whom the others are, and what there is still to ask about them: */
interface Closer {
  /** Permissions that need something captured to stand on. */
  unproven: string[];
  without: Standing[];
  /** Where in the question all these stand. */
  indexes: number[];
}

function lookCloser(standings: Standings, count: number): Closer {
  const closer: Closer = { unproven: [], without: [], indexes: [] };
  const needs = new Map<Kind, 'grounds' | 'others'>();
  for (const kind of standings.kinds) {
    const { common } = kind;
    if (!common || common.state === 'none') needs.set(kind, 'others');
    else if (needsGrounds(common)) needs.set(kind, 'grounds');
  }
  if (needs.size === 0) return closer;
  for (let index = 0; index < count; index++) {
    const kind = standings.kind(index);
    const need = kind && needs.get(kind);
    if (!need) continue;
    closer.indexes.push(index);
    // Only what is asked of each: most of a contact point need not be read for it.
    const standing = need === 'others' ? standings.standing(index) : undefined;
    if (standing) closer.without.push(standing);
    else closer.unproven.push(standings.permissionId(index));
  }
  return closer;
}

/** Permissions that may have been used since the start of the period that their words promise something about. */
function maybeUsed(
  standings: Standings,
  count: number,
  startOf: ReadonlyMap<string | null, string>,
  past: boolean,
): Map<string, Used> {
  const usedSince = new Map<string, Used>();
  const starts = new Map<Kind, string>();
  for (const kind of standings.kinds) {
    const { state, text_version_id = null } = kind.common ?? {};
    const start = state === 'granted' ? startOf.get(text_version_id) : undefined;
    if (start !== undefined) starts.set(kind, start);
  }
  if (starts.size === 0) return usedSince;
  for (let index = 0; index < count; index++) {
    const kind = standings.kind(index);
    const start = kind && starts.get(kind);
    // Most were not used within the period, and need not be looked up.
    if (start === undefined || (!past && (standings.lastUsedAt(index) ?? '') < start)) continue;
    const all = usedSince.get(start) ?? { ids: [], indexes: [] };
    usedSince.set(start, all);
    all.ids.push(standings.permissionId(index));
    all.indexes.push(index);
  }
  return usedSince;
}

/** Those that used up what their words promise about the last days, each by the id of its permission. */
function usedUpRolling(
  uses: ReadonlyMap<number, number>,
  standings: Standings,
  texts: ReadonlyMap<string, TextFacts>,
  at: string,
): Map<string, { index: number; times: number }> {
  const usedUp = new Map<string, { index: number; times: number }>();
  const rolling = [...texts.values()].some(({ frequency }) => frequency?.nextPeriod(at) === null);
  if (!rolling) return usedUp;
  for (const [index, used] of uses) {
    const frequency = texts.get(standings.kind(index)?.common?.text_version_id ?? '')?.frequency;
    if (!frequency || used < frequency.times || frequency.nextPeriod(at) !== null) continue;
    usedUp.set(standings.permissionId(index), { index, times: frequency.times });
  }
  return usedUp;
}

/** For those without a permission: whether there is one of another kind. It only words the "no". */
async function loadOthers(
  db: Db,
  asking: Asking & { purposeId: string },
  without: Standing[],
): Promise<Map<string, Facts['otherPermissions']>> {
  if (without.length === 0) return new Map();
  const people = distinct(without.map(({ personId }) => personId ?? undefined));
  const points = await contactPointsOf(db, { list: keyList(db, people) });
  const ids = points.map(({ id }) => id);
  const granted = asking.past
    ? (await permissionsAt(db, ids, asking.at)).filter(({ state }) => state === 'granted')
    : await grantedTo(db, { list: keyList(db, ids) });
  const personOf = new Map(points.map((point) => [point.id, point.person_id]));
  const others = new Map<string, Facts['otherPermissions']>();
  const reached = new Set(
    granted
      .filter((one) => one.purpose_id === asking.purposeId)
      .map((one) => personOf.get(one.contact_point_id)),
  );
  const allowsOther = new Set(
    granted.filter((one) => one.purpose_id !== asking.purposeId).map((one) => one.contact_point_id),
  );
  for (const { contactPointId, personId } of without) {
    others.set(contactPointId, {
      samePurposeOtherChannel: reached.has(personId ?? undefined),
      otherPurpose: allowsOther.has(contactPointId),
    });
  }
  return others;
}

const contactPointsOf = prepared((db, of: { list: string }) =>
  db
    .selectFrom(keyTable(db, of.list).as('asked'))
    .crossJoin('contact_points')
    .whereRef('contact_points.person_id', '=', 'asked.value')
    .select(['contact_points.id', 'contact_points.person_id']),
);

const grantedTo = prepared((db, of: { list: string }) =>
  db
    .selectFrom(keyTable(db, of.list).as('asked'))
    .crossJoin('permissions')
    .whereRef('permissions.contact_point_id', '=', 'asked.value')
    .select(['permissions.contact_point_id', 'permissions.purpose_id'])
    .where('permissions.state', '=', 'granted'),
);
