import { type Db, isOneOf } from '#db/connect.ts';
import { prepared } from '#db/prepared.ts';
import { foldRestriction } from '#src/ledger/person-events.ts';
import { distinct } from './sorted-keys.ts';

const none: ReadonlySet<string> = new Set();

/**
 * The addresses of those whose data are only kept (Art. 18 GDPR), at that moment. Where several people share a
 * number, it is that of one of them.
 */
export async function loadRestricted(
  db: Db,
  hashes: (string | undefined)[],
  at: string,
): Promise<ReadonlySet<string>> {
  // Hardly anybody ever asks for it: a look into a small index spares the others the question, and where fewer asked
  // for it than addresses are looked up, theirs are read instead.
  const some = await restrictedPeople(db, { most: hashes.length + 1 });
  if (some.length === 0) return none;
  const people = some.map(({ person_id }) => person_id);
  const fewer = some.length <= hashes.length;
  const rows = await db
    .selectFrom('contact_points as point')
    .innerJoin('person_events as event', 'event.person_id', 'point.person_id')
    .select(['point.lookup_hash', 'event.person_id', 'event.kind', 'event.occurred_at'])
    .where(
      fewer ? isOneOf(db, 'event.person_id', people) : isOneOf(db, 'point.lookup_hash', distinct(hashes)),
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

const restrictedPeople = prepared((db, of: { most: number }) =>
  db.selectFrom('person_events').select('person_id').where('kind', '<>', 'register_checked').limit(of.most),
);
