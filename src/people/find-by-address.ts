import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { Channel, ContactPointTable, Locale } from '#db/schema.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { type KnownPerson, lookupHash } from './contact-points.ts';
import { unwrapPersonKey } from './encryption.ts';
import { normaliseContactPoint } from './normalise-contact-point.ts';

/** What a typed address may stand for: a number can be one to call, to write to and to fax to. */
export interface ReadAddress {
  channel: Channel;
  value: string;
  sendable: string;
  hash: string;
}

/** Everything that this text is an address of; nothing when it is none. */
export function readAddress(keys: Keys, typed: string, only?: Channel): ReadAddress[] {
  const channels: Channel[] = only
    ? [only]
    : typed.includes('@')
      ? ['email']
      : ['phone', 'sms', 'fax', 'post'];
  return channels.flatMap((channel) => {
    const point = normaliseContactPoint(channel, typed);
    if (!point.ok) return [];
    return [
      { channel, value: point.value, sendable: point.sendable, hash: lookupHash(keys, channel, point.value) },
    ];
  });
}

export interface Owner {
  person: KnownPerson;
  locale: Locale;
  /** The contact points of this person that are the address asked for. */
  points: ContactPointTable[];
}

/** Whoever is known at this address. A mailbox has one owner, a number may have several. */
export async function findByAddress(db: Db, keys: Keys, addresses: ReadAddress[]): Promise<Owner[]> {
  if (addresses.length === 0) return [];
  const rows = await db
    .selectFrom('contact_points')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .selectAll('contact_points')
    .select(['people.key_wrapped', 'people.locale'])
    .where(
      isOneOf(
        db,
        'contact_points.lookup_hash',
        addresses.map(({ hash }) => hash),
      ),
    )
    .orderBy('contact_points.created_at')
    .execute();
  const owners = new Map<string, Owner>();
  for (const { key_wrapped, locale, ...point } of rows) {
    if (key_wrapped === null) continue;
    const known = owners.get(point.person_id);
    if (known) known.points.push(point);
    else {
      const person = { id: point.person_id, key: unwrapPersonKey(keys, key_wrapped) };
      owners.set(point.person_id, { person, locale, points: [point] });
    }
  }
  return [...owners.values()];
}
