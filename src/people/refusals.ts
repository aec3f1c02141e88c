import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { RefusalTable } from '#db/schema/suppressions.ts';
import { newId } from '#src/ids/new-id.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { lookupHash, type PersonWithKey } from './contact-points.ts';
import { decryptText, unwrapPersonKey } from './encryption.ts';
import { type AddressOwner, findByAddress, type ParsedAddress } from './find-by-address.ts';
import { mailboxOf, type WideMatch, wideMatches } from './wide-match.ts';

/**
 * A person that an objection is about (law.md 6.6). `same`: certainly the same address, in any spelling. `likely`: the
 * first name is missing or shortened, or only the company is named; blocked, and staff can lift it. `near`: same family
 * or company in the same household; shown to staff, not blocked.
 */
export interface PersonMatch extends AddressOwner {
  level: MatchLevel;
}

export type MatchLevel = 'same' | 'likely' | 'near';

/** Everyone that an objection to this address may be about, closest match first. */
export async function findMatchingPeople(
  db: Db,
  keys: Keys,
  typed: string,
  addresses: ParsedAddress[],
): Promise<PersonMatch[]> {
  const exact = await findByAddress(db, keys, addresses);
  const matches = new Map<string, PersonMatch>(
    exact.map((owner) => [owner.person.id, { ...owner, level: 'same' }]),
  );
  for (const { locale, point, person, level } of await findSimilarAddresses(db, keys, typed, addresses)) {
    const match = matches.get(person.id);
    if (!match || rank[level] < rank[match.level]) {
      matches.set(person.id, { person, locale, level, points: [point] });
    } else if (match.level === level && !match.points.some(({ id }) => id === point.id)) {
      match.points.push(point);
    }
  }
  return [...matches.values()].sort((a, b) => rank[a.level] - rank[b.level]);
}

const rank = { same: 0, likely: 1, near: 2 };

interface SimilarPoint extends Pick<AddressOwner, 'locale'> {
  point: ContactPointTable;
  person: PersonWithKey;
  level: MatchLevel;
}

/** Contact points of the same household, or of the same mailbox with another sub-address. */
async function findSimilarAddresses(
  db: Db,
  keys: Keys,
  typed: string,
  addresses: ParsedAddress[],
): Promise<SimilarPoint[]> {
  const mailboxes = addresses
    .filter(({ channel }) => channel === 'email')
    .map(({ value }) => mailboxHash(keys, value));
  const matches = addresses.some(({ channel }) => channel === 'post') ? wideMatches(keys, typed) : [];
  const places = [...mailboxes, ...matches.map(({ place }) => place)];
  if (places.length === 0) return [];
  const rows = await db
    .selectFrom('contact_points')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .selectAll('contact_points')
    .select(['people.key_wrapped', 'people.locale'])
    .where((eb) =>
      eb.or([
        isOneOf(db, 'contact_points.wide_hash', places),
        ...(mailboxes.length > 0 ? [isOneOf(db, 'contact_points.lookup_hash', mailboxes)] : []),
      ]),
    )
    .orderBy('contact_points.created_at')
    .execute();
  return rows.flatMap(({ key_wrapped, locale, ...point }): SimilarPoint[] => {
    if (key_wrapped === null || point.value_enc === null) return [];
    const person = { id: point.person_id, key: unwrapPersonKey(keys, key_wrapped) };
    if (point.channel === 'email') return [{ point, person, locale, level: 'same' }];
    const level = matchLevelOf(matches, wideMatches(keys, decryptText(person.key, point.value_enc)));
    return level ? [{ point, person, locale, level }] : [];
  });
}

/** Ignores the sub-address. */
function mailboxHash(keys: Keys, value: string): string {
  return lookupHash(keys, 'email', mailboxOf(value) ?? value);
}

/** `undefined`: the objection is about a different address. */
function matchLevelOf(no: WideMatch[], address: WideMatch[]): MatchLevel | undefined {
  const said = no.filter(({ place }) => address.some((other) => other.place === place));
  if (said.length === 0) return undefined;
  const names = said.map((one) => one.names());
  const kept = new Set(names.flatMap((one) => one.kept));
  const near = new Set(names.flatMap((one) => one.near));
  const own = address.map((one) => one.names());
  if (own.some(({ exact }) => exact.some((name) => kept.has(name)))) return 'same';
  if (own.some(({ wide }) => wide.some((name) => kept.has(name)))) return 'likely';
  return own.some((one) => one.near.some((name) => near.has(name))) ? 'near' : undefined;
}

/**
 * Stores an objection to letters so that it also covers later spellings of the same address. `spared`: lookup hashes
 * that the block must not cover, because their own permission records the objection. Returns the id of the objection;
 * `undefined` if the text has no street address.
 */
export async function storeRefusal(
  tx: Tx,
  keys: Keys,
  no: { at: string; typed: string; purposeId: string | null; spared: string[] },
): Promise<string | undefined> {
  const matches = wideMatches(keys, no.typed).map(({ place, names }) => ({ place, ...names() }));
  const named = matches.filter(({ kept }) => kept.length > 0);
  const before = await refusalsAtPlaces(tx, named);
  let id: string | undefined;
  for (const match of named) {
    const kept = match.kept.join(' ');
    const same = before.find((one) => one.kept === kept && one.purpose_id === no.purposeId);
    id ??= same?.id;
    if (same) {
      // Contact points that have their own record by now can say yes again.
      const more =
        same.spared === '' ? [] : no.spared.filter((hash) => !same.spared.split(' ').includes(hash));
      for (const hash of more) await exemptFromRefusal(tx, same, hash);
      continue;
    }
    const row: RefusalTable = {
      id: newId(),
      channel: 'post',
      place_hash: match.place,
      kept,
      near: match.near.join(' '),
      purpose_id: no.purposeId,
      spared: no.spared.join(' '),
      created_at: no.at,
    };
    await tx.insertInto('refusals').values(row).execute();
    id ??= row.id;
  }
  return id;
}

/** Stored objections to another spelling that also block this address. */
export async function findRefusals(db: Db, keys: Keys, typed: string, hash: string): Promise<RefusalTable[]> {
  const matches = wideMatches(keys, typed);
  const rows = await refusalsAtPlaces(db, matches);
  return rows.filter((row) => refusalCovers(row.kept, row.spared, matches, hash));
}

/** Whether a stored objection (columns `kept`, `spared`) blocks the address with these match keys and this hash. */
export function refusalCovers(kept: string, spared: string, matches: WideMatch[], hash: string): boolean {
  if (spared !== '' && spared.split(' ').includes(hash)) return false;
  const said = new Set(kept.split(' '));
  return matches.some((one) => {
    const { exact, wide } = one.names();
    return exact.some((name) => said.has(name)) || wide.some((name) => said.has(name));
  });
}

async function refusalsAtPlaces(db: Db, matches: { place: string }[]): Promise<RefusalTable[]> {
  if (matches.length === 0) return [];
  return db
    .selectFrom('refusals')
    .selectAll()
    .where(isOneOf(db, 'place_hash', [...new Set(matches.map(({ place }) => place))]))
    .orderBy('created_at')
    .execute();
}

/** The objection no longer blocks this address: staff found that it was about someone else. */
export async function exemptFromRefusal(tx: Tx, refusal: RefusalTable, hash: string): Promise<void> {
  const spared = [...refusal.spared.split(' ').filter(Boolean), hash].join(' ');
  await tx.updateTable('refusals').set({ spared }).where('id', '=', refusal.id).execute();
}
