import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { lookupHash, type PersonWithKey } from './contact-points.ts';
import { unwrapPersonKey } from './encryption.ts';
import { normaliseContactPoint } from './normalise-contact-point.ts';

/** One reading of a typed address. The same number can be a phone, an SMS and a fax number. */
export interface ParsedAddress {
  channel: Channel;
  value: string;
  sendable: string;
  hash: string;
}

/** All channels on which the text is a valid address; empty when there is none. */
export function parseAddress(keys: Keys, typed: string, only?: Channel): ParsedAddress[] {
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

export interface AddressOwner {
  person: PersonWithKey;
  locale: Locale;
  /** The contact points of this person that match the address. */
  points: ContactPointTable[];
}

/** The people who have this address. A mailbox has one owner, a number can have several. */
export async function findByAddress(db: Db, keys: Keys, addresses: ParsedAddress[]): Promise<AddressOwner[]> {
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
  const owners = new Map<string, AddressOwner>();
  for (const { key_wrapped, locale, ...point } of rows) {
    if (key_wrapped === null) continue;
    const owner = owners.get(point.person_id);
    if (owner) owner.points.push(point);
    else {
      const person = { id: point.person_id, key: unwrapPersonKey(keys, key_wrapped) };
      owners.set(point.person_id, { person, locale, points: [point] });
    }
  }
  return [...owners.values()];
}
