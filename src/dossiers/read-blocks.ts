import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { mailboxOf } from '#src/people/wide-match.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { byThen } from './by-then.ts';
import { readLogPlaces } from './log-places.ts';
import type { StoryBlock, StoryContactPoint } from './story.ts';

/** The blocks of these addresses that had begun by then, lifted or not. */
export async function readBlocks(
  db: Db,
  keys: Keys,
  rows: ContactPointTable[],
  points: StoryContactPoint[],
  at: string,
): Promise<StoryBlock[]> {
  // An objection of a mailbox is one of its sub-addresses too.
  const mailboxes = points.flatMap(({ channel, normalised }) => {
    const mailbox = channel === 'email' ? mailboxOf(normalised) : undefined;
    return mailbox === undefined ? [] : [lookupHash(keys, 'email', mailbox)];
  });
  const found = await db
    .selectFrom('suppressions')
    .leftJoin('purposes', 'purposes.id', 'suppressions.purpose_id')
    .selectAll('suppressions')
    .select('purposes.key as purpose')
    .where(
      isOneOf(db, 'suppressions.lookup_hash', [
        ...rows.flatMap(({ lookup_hash }) => lookup_hash ?? []),
        ...mailboxes,
      ]),
    )
    .where('suppressions.created_at', '<=', at)
    .orderBy('suppressions.created_at')
    .execute();
  const placesOf = await readLogPlaces(
    db,
    found.map(({ id }) => id),
    at,
  );
  return found.map((row) => ({
    id: row.id,
    channel: row.channel,
    purpose: row.purpose,
    reason: row.reason,
    since: row.created_at,
    until: row.until,
    liftedAt: byThen(row.lifted_at, at),
    source: row.source,
    recordedAt: row.recorded_at,
    log: placesOf('suppression', row.id),
  }));
}
