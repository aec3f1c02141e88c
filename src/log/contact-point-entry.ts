import { createHmac, type KeyObject } from 'node:crypto';
import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import type { Keys } from '#src/secrets/keys.ts';
import type { EntryBody } from './entry-body.ts';

/**
 * What the log says of an address: whose it is, and a commitment to its value, so that nobody can exchange two people's
 * addresses. The salt derives from the key of the person: once they are erased, the commitment means nothing any more.
 */
export async function contactPointBodies(
  db: Db | Tx,
  keys: Keys,
  ids: string[],
): Promise<Map<string, EntryBody>> {
  const rows = await db
    .selectFrom('contact_points')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .select(['contact_points.id', 'contact_points.person_id', 'contact_points.channel'])
    .select(['contact_points.value_enc', 'contact_points.created_at', 'people.key_wrapped'])
    .where(isOneOf(db, 'contact_points.id', ids))
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        entry: 'contact_point',
        ref: row.id,
        person_id: row.person_id,
        channel: row.channel,
        created_at: row.created_at,
        ...commitmentTo(keys, row),
      },
    ]),
  );
}

/** What cannot be decrypted has no commitment, and the entry says so: one broken row must not hold the log up. */
export function isUnreadable(body: EntryBody): boolean {
  return body.unreadable === 1;
}

function commitmentTo(keys: Keys, row: Row): EntryBody {
  try {
    return { commitment: commitmentOf(keys, row) };
  } catch {
    return { commitment: null, unreadable: 1 };
  }
}

type Row = Pick<ContactPointTable, 'id' | 'channel' | 'value_enc'> & { key_wrapped: string | null };

/** HMAC-SHA256(salt, channel ‖ 0x00 ‖ normalised value), hex. Null once the person is erased. */
function commitmentOf(keys: Keys, { id, channel, value_enc, key_wrapped }: Row): string | null {
  if (!key_wrapped || !value_enc) return null;
  const personKey = unwrapPersonKey(keys, key_wrapped);
  const typed = decryptText(personKey, value_enc);
  const read = normaliseContactPoint(channel, typed);
  const value = read.ok ? read.value : typed;
  return createHmac('sha256', contactPointSalt(personKey, id)).update(`${channel}\0${value}`).digest('hex');
}

/** 16 bytes that only the key of the person gives. */
export function contactPointSalt(personKey: KeyObject, contactPointId: string): Buffer {
  return createHmac('sha256', personKey).update(`log salt ${contactPointId}`).digest().subarray(0, 16);
}
