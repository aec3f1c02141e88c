import type { Db } from '#db/connect.ts';
import type { EventTable } from '#db/schema/events.ts';
import { givePositions, mostPositionsAtOnce } from '#src/ledger/give-positions.ts';

/**
 * The ledger in an order that a reader can follow without missing an event.
 *
 * Ids are made before their transaction commits, so an event with a smaller id may appear after a reader has seen a
 * larger one. Positions are assigned after the commit, by one transaction at a time, so a late event gets a later one.
 */
export interface FeedEntry {
  position: number;
  id: string;
  kind: EventTable['kind'];
  occurred_at: string;
  permission_id: string;
  contact_point_id: string;
  purpose: string;
  channel: EventTable['channel'];
  basis: EventTable['basis'];
  text_version: string | null;
  origin: EventTable['origin'];
}

/** The entries after a position, oldest first. */
export async function readFeed(db: Db, after: number, limit: number): Promise<FeedEntry[]> {
  while ((await givePositions(db)) === mostPositionsAtOnce);
  const rows = await db
    .selectFrom('ledger_positions as place')
    .innerJoin('events', 'events.id', 'place.event_id')
    .innerJoin('purposes', 'purposes.id', 'events.purpose_id')
    .leftJoin('consent_text_versions as version', 'version.id', 'events.text_version_id')
    .leftJoin('consent_texts as text', 'text.id', 'version.text_id')
    .select(['place.position', 'events.id', 'events.kind', 'events.occurred_at', 'events.permission_id'])
    .select(['events.contact_point_id', 'purposes.key as purpose', 'events.channel', 'events.basis'])
    .select(['events.origin', 'version.major', 'version.minor', 'text.locale'])
    .where('place.position', '>', after)
    .orderBy('place.position')
    .limit(limit)
    .execute();
  return rows.map(({ major, minor, locale, ...row }) => ({
    ...row,
    text_version: major === null ? null : `${row.purpose}/${row.channel}/${locale}@${major}.${minor}`,
  }));
}
