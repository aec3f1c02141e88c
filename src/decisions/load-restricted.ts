import type { RawBuilder } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { packedLines } from '#db/packed-lines.ts';
import { foldRestriction } from '#src/ledger/person-events.ts';
import { distinct } from './sorted-keys.ts';

const none: ReadonlySet<string> = new Set();

/**
 * Some of those who ever asked that their data be only kept. Hardly anybody does: a look into a small index spares the
 * others the question.
 */
export function packedRestricted(db: Db | Tx, most: number): RawBuilder<string | null> {
  const people = db.selectFrom('person_events').select('person_id').where('kind', '<>', 'register_checked');
  return packedLines(people.limit(most), ['person_id']);
}

/**
 * The addresses of those whose data are only kept (Art. 18 GDPR), at that moment. Where several people share a
 * number, it is that of one of them. `some` are those who were found, one more than there are addresses at most.
 */
export async function loadRestricted(
  db: Db,
  some: string | null,
  hashes: (string | undefined)[],
  at: string,
): Promise<ReadonlySet<string>> {
  if (!some) return none;
  const people = some.split('\n');
  // Where fewer asked for it than addresses are looked up, theirs are read.
  const fewer = people.length <= hashes.length;
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
