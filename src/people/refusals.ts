import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { ContactPointTable, RefusalTable } from '#db/schema.ts';
import { newId } from '#src/ids/new-id.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { type KnownPerson, lookupHash } from './contact-points.ts';
import { decryptText, unwrapPersonKey } from './encryption.ts';
import { findByAddress, type Owner, type ReadAddress } from './find-by-address.ts';
import { mailboxOf, type WideMatch, wideMatches } from './wide-match.ts';

/**
 * Whom a no is about (law.md 6.6). `same`: the address in this or another spelling, beyond doubt. `likely`: the first
 * name is missing or shortened, or only the company is named; they are blocked, and a person may lift it. `near`: the
 * same family or company behind the same door; they are shown, and not blocked.
 */
export interface Meant extends Owner {
  likeness: Likeness;
}

export type Likeness = 'same' | 'likely' | 'near';

/** Everybody whom a no to this address may be about. */
export async function whoIsMeant(
  db: Db,
  keys: Keys,
  typed: string,
  addresses: ReadAddress[],
): Promise<Meant[]> {
  const exact = await findByAddress(db, keys, addresses);
  const meant = new Map<string, Meant>(
    exact.map((owner) => [owner.person.id, { ...owner, likeness: 'same' }]),
  );
  for (const { locale, point, person, likeness } of await likeAddresses(db, keys, typed, addresses)) {
    const known = meant.get(person.id);
    if (!known || rank[likeness] < rank[known.likeness]) {
      meant.set(person.id, { person, locale, likeness, points: [point] });
    } else if (known.likeness === likeness && !known.points.some(({ id }) => id === point.id)) {
      known.points.push(point);
    }
  }
  return [...meant.values()].sort((a, b) => rank[a.likeness] - rank[b.likeness]);
}

const rank = { same: 0, likely: 1, near: 2 };

interface LikePoint extends Pick<Owner, 'locale'> {
  point: ContactPointTable;
  person: KnownPerson;
  likeness: Likeness;
}

/** Contact points at the same door, or of the same mailbox with another sub-address. */
async function likeAddresses(
  db: Db,
  keys: Keys,
  typed: string,
  addresses: ReadAddress[],
): Promise<LikePoint[]> {
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
  return rows.flatMap(({ key_wrapped, locale, ...point }): LikePoint[] => {
    if (key_wrapped === null || point.value_enc === null) return [];
    const person = { id: point.person_id, key: unwrapPersonKey(keys, key_wrapped) };
    if (point.channel === 'email') return [{ point, person, locale, likeness: 'same' }];
    const likeness = likenessOf(matches, wideMatches(keys, decryptText(person.key, point.value_enc)));
    return likeness ? [{ point, person, locale, likeness }] : [];
  });
}

/** The mailbox that an address delivers to, whatever its sub-address. */
function mailboxHash(keys: Keys, value: string): string {
  return lookupHash(keys, 'email', mailboxOf(value) ?? value);
}

/** How a no compares with an address. `undefined`: it is another one. */
function likenessOf(no: WideMatch[], address: WideMatch[]): Likeness | undefined {
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
 * Keeps a no to letters so that it meets the same address in other spellings, whoever comes with it and whenever.
 * `spared` are lookup hashes whose own record says no. Gives the id of the no; `undefined` for what has no door.
 */
export async function keepRefusal(
  tx: Tx,
  keys: Keys,
  no: { at: string; typed: string; purposeId: string | null; spared: string[] },
): Promise<string | undefined> {
  const matches = wideMatches(keys, no.typed).map(({ place, names }) => ({ place, ...names() }));
  const named = matches.filter(({ kept }) => kept.length > 0);
  const before = await refusalsAt(tx, named);
  let id: string | undefined;
  for (const match of named) {
    const kept = match.kept.join(' ');
    const same = before.find((one) => one.kept === kept && one.purpose_id === no.purposeId);
    id ??= same?.id;
    if (same) {
      // Whoever else has a record of their own by now may say yes again, too.
      const more =
        same.spared === '' ? [] : no.spared.filter((hash) => !same.spared.split(' ').includes(hash));
      for (const hash of more) await spareFrom(tx, same, hash);
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

/** Blocks that a no in another spelling puts on this address. */
export async function refusalsOf(db: Db, keys: Keys, typed: string, hash: string): Promise<RefusalTable[]> {
  const matches = wideMatches(keys, typed);
  const rows = await refusalsAt(db, matches);
  return rows.filter((row) => meets(row.kept, row.spared, matches, hash));
}

/** Whether a no that is kept so stands for the address that is read so. */
export function meets(kept: string, spared: string, matches: WideMatch[], hash: string): boolean {
  if (spared !== '' && spared.split(' ').includes(hash)) return false;
  const said = new Set(kept.split(' '));
  return matches.some((one) => {
    const { exact, wide } = one.names();
    return exact.some((name) => said.has(name)) || wide.some((name) => said.has(name));
  });
}

async function refusalsAt(db: Db, matches: { place: string }[]): Promise<RefusalTable[]> {
  if (matches.length === 0) return [];
  return db
    .selectFrom('refusals')
    .selectAll()
    .where(isOneOf(db, 'place_hash', [...new Set(matches.map(({ place }) => place))]))
    .orderBy('created_at')
    .execute();
}

/** From now on this no does not block that address: a person looked, and somebody else was meant. */
export async function spareFrom(tx: Tx, refusal: RefusalTable, hash: string): Promise<void> {
  const spared = [...refusal.spared.split(' ').filter(Boolean), hash].join(' ');
  await tx.updateTable('refusals').set({ spared }).where('id', '=', refusal.id).execute();
}
