import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { foldRestriction } from '#src/ledger/person-events.ts';
import { distinct } from './sorted-keys.ts';

/**
 * The addresses of people whose processing is restricted at that moment (Art. 18 GDPR). A number that several people
 * share is restricted when one of them is. `people`: those of `restrictedQuery`.
 */
export async function loadRestricted(
  db: Db,
  people: string[],
  hashes: (string | undefined)[],
  at: string,
): Promise<ReadonlySet<string>> {
  if (people.length === 0) return none;
  const arePeopleFewer = people.length <= hashes.length;
  const rows = await db
    .selectFrom('contact_points as point')
    .innerJoin('person_events as event', 'event.person_id', 'point.person_id')
    .select(['point.lookup_hash', 'event.person_id', 'event.kind', 'event.occurred_at'])
    .where(
      arePeopleFewer
        ? isOneOf(db, 'event.person_id', people)
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

/**
 * People who were ever restricted, at most one more than there are addresses. They are very few: this look into a small index
 * spares all other questions the join.
 */
export function restrictedQuery(db: Db, most: number) {
  return db
    .selectFrom('person_events')
    .select('person_id')
    .where('kind', '<>', 'register_checked')
    .limit(most);
}
