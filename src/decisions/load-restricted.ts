import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { prepared } from '#db/prepared.ts';
import { foldRestriction } from '#src/ledger/person-events.ts';
import { distinct } from './sorted-keys.ts';

/**
 * The addresses of people whose processing is restricted at that moment (Art. 18 GDPR). A number that several people
 * share is restricted when one of them is.
 */
export async function loadRestricted(
  db: Db,
  hashes: (string | undefined)[],
  at: string,
): Promise<ReadonlySet<string>> {
  // Very few people ever ask for it: one look into a small index spares all others the join.
  const people = await everRestricted(db, { most: hashes.length + 1 });
  if (people.length === 0) return none;
  const arePeopleFewer = people.length <= hashes.length;
  const rows = await db
    .selectFrom('contact_points as point')
    .innerJoin('person_events as event', 'event.person_id', 'point.person_id')
    .select(['point.lookup_hash', 'event.person_id', 'event.kind', 'event.occurred_at'])
    .where(
      arePeopleFewer
        ? isOneOf(
            db,
            'event.person_id',
            people.map(({ person_id }) => person_id),
          )
        : isOneOf(db, 'point.lookup_hash', distinct(hashes)),
    )
    .where('event.kind', '<>', 'register_checked')
    .orderBy('event.number')
    .execute();
  const histories = Map.groupBy(rows, ({ lookup_hash, person_id }) => `${lookup_hash} ${person_id}`);
  return new Set(
    [...histories.values()].flatMap((events) =>
      foldRestriction(events, at) ? (events[0]?.lookup_hash ?? []) : [],
    ),
  );
}

const none: ReadonlySet<string> = new Set();

/** At most one more than there are addresses. */
const everRestricted = prepared((db, of: { most: number }) =>
  db.selectFrom('person_events').select('person_id').where('kind', '<>', 'register_checked').limit(of.most),
);
