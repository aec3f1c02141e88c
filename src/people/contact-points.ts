import type { KeyObject } from 'node:crypto';
import type { Db, Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import { locking } from '#db/locks.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { Channel, ContactPointTable, Locale } from '#db/schema.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Keys, macText } from '#src/secrets/keys.ts';
import { decryptText, encryptJson, encryptText, newPersonKey, unwrapPersonKey } from './encryption.ts';
import { doorHash, mailboxOf } from './wide-match.ts';

/** A person as acts need them: who, and the key to their values. */
export interface KnownPerson {
  id: string;
  key: KeyObject;
  /** Added in this very act: nothing else is known of them. */
  isNew?: boolean;
  /** No address leads to them: who tries out a form is not who really has that address. */
  unlisted?: boolean;
}

/** `value` is what is compared (normalised); `typed` is kept for sending and showing. */
export interface NewContactPoint {
  channel: Channel;
  value: string;
  typed: string;
  source: string;
  /** When its owner confirmed it, as another system says. */
  claimedAt?: string | null;
}

/** The keyed hash by which an address is found. Nobody without the key can try addresses against it. */
export function lookupHash(keys: Keys, channel: Channel, value: string): string {
  return macText(keys.lookup, 'base64url', channel, value);
}

/** By which a no in another spelling finds a contact point (`wide_hash`). Null: nothing but its very address does. */
export function wideHash(keys: Keys, channel: Channel, typed: string): string | null {
  if (channel === 'post') return doorHash(keys, typed) ?? null;
  const mailbox = channel === 'email' ? mailboxOf(typed) : undefined;
  return mailbox === undefined ? null : lookupHash(keys, 'email', mailbox);
}

/**
 * `undefined` when this mailbox was never seen, or was erased. No other act touches it until the transaction ends:
 * every act takes the mailbox first, so that none waits for another in a ring.
 */
export async function findMailbox(
  tx: Db | Tx,
  keys: Keys,
  lookup: string,
): Promise<KnownMailbox | undefined> {
  const [row] = await mailboxByLookup(tx, lookup);
  if (!row?.key_wrapped) return undefined;
  const { key_wrapped, ...contactPoint } = row;
  return { contactPoint, person: { id: row.person_id, key: unwrapPersonKey(keys, key_wrapped) } };
}

export interface KnownMailbox {
  contactPoint: ContactPointTable;
  person: KnownPerson;
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

/** A new person without any contact point yet; `details` are their name and the like, as far as it is known. */
export async function addPerson(
  tx: Tx,
  keys: Keys,
  locale: Locale,
  at: string,
  details: Record<string, string | undefined> = {},
): Promise<KnownPerson> {
  const { key, wrapped } = newPersonKey(keys);
  const id = newId();
  const detailsEnc = Object.keys(details).length > 0 ? encryptJson(key, details) : null;
  await insertPerson(tx, [
    { id, key_wrapped: wrapped, details_enc: detailsEnc, locale, created_at: at, erased_at: null },
  ]);
  return { id, key, isNew: true };
}

const insertPerson = insertRows('people');

/** The person's contact points for these addresses, in their order; what is new is added. */
export async function ensureContactPoints(
  tx: Tx,
  keys: Keys,
  person: KnownPerson,
  wanted: NewContactPoint[],
  at: string,
): Promise<ContactPointTable[]> {
  const hashes = wanted.map((point) => lookupHash(keys, point.channel, point.value));
  const known = person.isNew || person.unlisted ? [] : await contactPointsOf(tx, person.id, hashes);
  const added: ContactPointTable[] = [];
  const all = wanted.map((point, index) => {
    const lookup = hashes[index] ?? null;
    const found = [...known, ...added].find((row) => row.lookup_hash === lookup);
    if (found) return found;
    const row: ContactPointTable = {
      id: newId(),
      person_id: person.id,
      channel: point.channel,
      lookup_hash: person.unlisted ? null : lookup,
      wide_hash: person.unlisted ? null : wideHash(keys, point.channel, point.typed),
      value_enc: encryptText(person.key, point.typed),
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
  await insertContactPoints(tx, added);
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

const insertContactPoints = insertRows('contact_points');

/** The address as it was typed. */
export function contactPointValue(person: KnownPerson, contactPoint: ContactPointTable): string {
  return contactPoint.value_enc ? decryptText(person.key, contactPoint.value_enc) : '';
}

/** The key of someone by id; `undefined` once erased. */
export async function findPerson(db: Db, keys: Keys, personId: string): Promise<KnownPerson | undefined> {
  const [row] = await personById(db, personId);
  return row?.key_wrapped ? { id: row.id, key: unwrapPersonKey(keys, row.key_wrapped) } : undefined;
}

const personById = preparedByKey((db, isAsked) =>
  db.selectFrom('people').select(['id', 'id as asked', 'key_wrapped']).where(isAsked('id')),
);
