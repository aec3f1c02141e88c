import type { KeyObject } from 'node:crypto';
import type { Db, Tx } from '#db/connect.ts';
import type { Channel, ContactPointTable, Locale } from '#db/schema.ts';
import { newId } from '#src/ids.ts';
import { type Keys, mac } from '#src/keys.ts';
import { decryptText, encryptText, newPersonKey, unwrapPersonKey } from './encryption.ts';

/** A person as acts need them: who, and the key to their values. */
export interface KnownPerson {
  id: string;
  key: KeyObject;
}

/** `value` is what is compared (normalised); `typed` is kept for sending and showing. */
export interface NewContactPoint {
  channel: Channel;
  value: string;
  typed: string;
  source: string;
}

/** The keyed hash by which an address is found. Nobody without the key can try addresses against it. */
export function lookupHash(keys: Keys, channel: Channel, value: string): string {
  return mac(keys.lookup, channel, value).toString('base64url');
}

/** `undefined` when this mailbox was never seen, or was erased. */
export async function findMailbox(
  tx: Tx,
  keys: Keys,
  lookup: string,
): Promise<{ contactPoint: ContactPointTable; person: KnownPerson } | undefined> {
  const row = await tx
    .selectFrom('contact_points')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .selectAll('contact_points')
    .select('people.key_wrapped')
    .where('contact_points.lookup_hash', '=', lookup)
    .where('contact_points.channel', '=', 'email')
    .executeTakeFirst();
  if (!row?.key_wrapped) return undefined;
  const { key_wrapped, ...contactPoint } = row;
  return { contactPoint, person: { id: row.person_id, key: unwrapPersonKey(keys, key_wrapped) } };
}

/** A new person without any contact point yet. */
export async function addPerson(tx: Tx, keys: Keys, locale: Locale, at: string): Promise<KnownPerson> {
  const { key, wrapped } = newPersonKey(keys);
  const id = newId();
  await tx
    .insertInto('people')
    .values({ id, key_wrapped: wrapped, details_enc: null, locale, created_at: at, erased_at: null })
    .execute();
  return { id, key };
}

/** The person's contact points for these addresses, in their order; what is new is added. */
export async function ensureContactPoints(
  tx: Tx,
  keys: Keys,
  person: KnownPerson,
  wanted: NewContactPoint[],
  at: string,
): Promise<ContactPointTable[]> {
  const hashes = wanted.map((point) => lookupHash(keys, point.channel, point.value));
  const known = await tx
    .selectFrom('contact_points')
    .selectAll()
    .where('lookup_hash', 'in', hashes)
    .where('person_id', '=', person.id)
    .execute();
  const added: ContactPointTable[] = [];
  const all = wanted.map((point, index) => {
    const lookup = hashes[index] ?? null;
    const found = [...known, ...added].find((row) => row.lookup_hash === lookup);
    if (found) return found;
    const row: ContactPointTable = {
      id: newId(),
      person_id: person.id,
      channel: point.channel,
      lookup_hash: lookup,
      value_enc: encryptText(person.key, point.typed),
      link_generation: 0,
      source: point.source,
      verified_at: null,
      created_at: at,
      erased_at: null,
    };
    added.push(row);
    return row;
  });
  if (added.length > 0) await tx.insertInto('contact_points').values(added).execute();
  return all;
}

/** The address as it was typed. */
export function contactPointValue(person: KnownPerson, contactPoint: ContactPointTable): string {
  return contactPoint.value_enc ? decryptText(person.key, contactPoint.value_enc) : '';
}

/** The key of someone by id; `undefined` once erased. */
export async function findPerson(db: Db, keys: Keys, personId: string): Promise<KnownPerson | undefined> {
  const row = await db
    .selectFrom('people')
    .select(['id', 'key_wrapped'])
    .where('id', '=', personId)
    .executeTakeFirst();
  return row?.key_wrapped ? { id: row.id, key: unwrapPersonKey(keys, row.key_wrapped) } : undefined;
}
