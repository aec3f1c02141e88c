import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import { countryOf, registerOf } from '#src/permissions/check-register.ts';
import type { Facts, Jurisdiction } from './facts.ts';
import { distinct } from './sorted-keys.ts';

type Checks = NonNullable<Facts['checks']>;

/** The last check of each address in the public register of refusals, where the country has one for this channel. */
export async function loadChecks(
  db: Db,
  request: { channel: Channel; at: string },
  hashes: (string | undefined)[],
  jurisdictions: readonly Jurisdiction[],
): Promise<Map<string, Checks>> {
  const register = registerOf[request.channel];
  if (!register || !jurisdictions.includes(countryOf[register])) return new Map();
  const rows = await db
    .selectFrom('contact_points as point')
    .innerJoin('person_events as event', 'event.contact_point_id', 'point.id')
    .select(['point.lookup_hash', 'event.occurred_at', 'event.refused'])
    .where(isOneOf(db, 'point.lookup_hash', distinct(hashes)))
    .where('event.kind', '=', 'register_checked')
    .where('event.register', '=', register)
    .where('event.occurred_at', '<=', request.at)
    // Of two checks on one day the one recorded later counts.
    .orderBy('event.occurred_at')
    .orderBy('event.recorded_at')
    .execute();
  return new Map(
    rows.map(({ lookup_hash, occurred_at, refused }): [string, Checks] => [
      lookup_hash ?? '',
      { [`${register}_check`]: { at: occurred_at, refused: refused === 1 } },
    ]),
  );
}
