import type { KeyObject } from 'node:crypto';
import type { Reader, Tx } from '#db/connect.ts';
import { locking } from '#db/locks.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { declareInsert, type WriteTarget } from '#db/writes.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Keys, macText } from '#src/secrets/keys.ts';
import { decryptText, encryptJson, encryptText, newPersonKey, unwrapPersonKey } from './encryption.ts';
import { homeCountry } from './home-country.ts';
import { doorHash, mailboxOf } from './wide-match.ts';

/** A person's id and the unwrapped key that decrypts their data. */
export interface PersonWithKey {
  id: string;
  key: KeyObject;
  /** Created in the current transaction, so no other rows exist for them yet. */
  isNew?: boolean;
  /** Not findable by address: a tester of a form is not the real owner of the address that was typed. */
  unlisted?: boolean;
}

/** `value` is normalised, for comparison; `typed` is stored for sending and display. */
export interface NewContactPoint {
  channel: Channel;
  value: string;
  typed: string;
  source: string;
  /** When its owner confirmed it, according to another system. */
  claimedAt?: string | null;
}

/** The keyed hash under which an address is looked up. Without the key, guessed addresses cannot be compared with it. */
export function lookupHash(keys: Keys, channel: Channel, value: string): string {
  return macText(keys.lookup, 'base64url', channel, value);
}

/**
 * The hash under which an objection to another spelling finds this contact point (`wide_hash`): the household of a
 * postal address, or the mailbox without its sub-address. Null: only the exact address matches.
 */
export function wideHash(keys: Keys, channel: Channel, typed: string): string | null {
  if (channel === 'post') return doorHash(keys, typed) ?? null;
  const mailbox = channel === 'email' ? mailboxOf(typed) : undefined;
  return mailbox === undefined ? null : lookupHash(keys, 'email', mailbox);
}

/**
 * `undefined` when the mailbox is unknown or was erased. In a transaction it locks the row until that ends. Every
 * transaction about a person locks the mailbox first, so they cannot deadlock.
 */
export async function findMailbox(
  reader: Reader,
  keys: Keys,
  lookup: string,
): Promise<FoundMailbox | undefined> {
  const [row] = await mailboxByLookup(reader, lookup);
  if (!row?.key_wrapped) return undefined;
  const { key_wrapped, ...contactPoint } = row;
  return { contactPoint, person: { id: row.person_id, key: unwrapPersonKey(keys, key_wrapped) } };
}

export interface FoundMailbox {
  contactPoint: ContactPointTable;
  person: PersonWithKey;
}

const mailboxByLookup = preparedByKey((db, isAsked) =>
  locking(
    db,
    db
      .selectFrom('contact_points')
      .innerJoin('people', 'people.id', 'contact_points.person_id')
      .selectAll('contact_points')
      .select(['people.key_wrapped', 'contact_points.lookup_hash as asked'])
      .where(isAsked('contact_points.lookup_hash'))
      .where('contact_points.channel', '=', 'email'),
    'contact_points',
  ),
);

/** Adds a person without contact points. `details` holds name, company and the like, where given. */
export async function addPerson(
  to: WriteTarget,
  keys: Keys,
  locale: Locale,
  at: string,
  details: Record<string, string | undefined> = {},
): Promise<PersonWithKey> {
  const { key, wrapped } = newPersonKey(keys);
  const id = newId();
  const detailsEnc = Object.keys(details).length > 0 ? encryptJson(key, details) : null;
  await insertPeople(to, [
    { id, key_wrapped: wrapped, details_enc: detailsEnc, locale, created_at: at, erased_at: null },
  ]);
  return { id, key, isNew: true };
}

export const insertPeople = declareInsert('people', [
  'id',
  'key_wrapped',
  'details_enc',
  'locale',
  'created_at',
  'erased_at',
]);

/** Finds or adds the person's contact points for these addresses. The result has the order of `wanted`. */
export async function ensureContactPoints(
  tx: Tx,
  keys: Keys,
  person: PersonWithKey,
  wanted: NewContactPoint[],
  at: string,
): Promise<ContactPointTable[]> {
  const hashes = wanted.map((point) => lookupHash(keys, point.channel, point.value));
  const existing = person.isNew || person.unlisted ? [] : await contactPointsOf(tx, person.id, hashes);
  return addMissingContactPoints(tx, keys, person, wanted, at, existing);
}

/** The same when the person's contact points with these addresses are read already; a new person has none. */
export async function addMissingContactPoints(
  to: WriteTarget,
  keys: Keys,
  person: PersonWithKey,
  wanted: NewContactPoint[],
  at: string,
  existing: ContactPointTable[],
): Promise<ContactPointTable[]> {
  const added: ContactPointTable[] = [];
  const all = wanted.map((point) => {
    const lookup = lookupHash(keys, point.channel, point.value);
    const found = [...existing, ...added].find((row) => row.lookup_hash === lookup);
    if (found) return found;
    const row: ContactPointTable = {
      id: newId(),
      person_id: person.id,
      channel: point.channel,
      lookup_hash: person.unlisted ? null : lookup,
      wide_hash: person.unlisted ? null : wideHash(keys, point.channel, point.typed),
      value_enc: encryptText(person.key, point.typed),
      country: homeCountry({}, [{ channel: point.channel, value: point.typed }]) ?? null,
      link_generation: 0,
      source: point.source,
      verified_at: null,
      claimed_at: point.claimedAt ?? null,
      created_at: at,
      erased_at: null,
    };
    added.push(row);
    return row;
  });
  await insertContactPoints(to, added);
  return all;
}

async function contactPointsOf(tx: Tx, personId: string, hashes: string[]): Promise<ContactPointTable[]> {
  return tx
    .selectFrom('contact_points')
    .selectAll()
    .where('lookup_hash', 'in', hashes)
    .where('person_id', '=', personId)
    .execute();
}

export const insertContactPoints = declareInsert('contact_points', [
  'id',
  'person_id',
  'channel',
  'lookup_hash',
  'wide_hash',
  'value_enc',
  'country',
  'link_generation',
  'source',
  'verified_at',
  'claimed_at',
  'created_at',
  'erased_at',
]);

/** The address as it was typed; empty once erased. */
export function contactPointValue(person: PersonWithKey, contactPoint: ContactPointTable): string {
  return contactPoint.value_enc ? decryptText(person.key, contactPoint.value_enc) : '';
}

/** `undefined` once the person is erased. */
export async function findPerson(
  reader: Reader,
  keys: Keys,
  personId: string,
): Promise<PersonWithKey | undefined> {
  const [row] = await personById(reader, personId);
  return row?.key_wrapped ? { id: row.id, key: unwrapPersonKey(keys, row.key_wrapped) } : undefined;
}

const personById = preparedByKey((db, isAsked) =>
  db.selectFrom('people').select(['id', 'id as asked', 'key_wrapped']).where(isAsked('id')),
);
