import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { passGate } from '#db/locks.ts';
import type { EventTable } from '#db/schema.ts';

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
  while ((await givePositions(db)) === mostAtOnce);
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

/** The last position of the feed; 0 when it is empty. */
export async function newestPosition(db: Db): Promise<number> {
  const last = await db
    .selectFrom('ledger_positions')
    .select((eb) => eb.fn.max('position').as('position'))
    .executeTakeFirst();
  return Number(last?.position ?? 0);
}

const mostAtOnce = 1000;
const feedGate = 4_711_001;

/** Assigns the next positions to events that wait for one. Returns how many. */
export async function givePositions(db: Db, most = mostAtOnce): Promise<number> {
  const waits = await db.selectFrom('ledger_queue').select('event_id').limit(1).executeTakeFirst();
  if (!waits) return 0;
  return db.transaction().execute(async (tx) => {
    await passGate(tx, feedGate);
    const events = await waiting(tx, Math.min(most, mostAtOnce));
    if (events.length === 0) return 0;
    const start = (await newestPosition(tx)) + 1;
    await tx
      .insertInto('ledger_positions')
      .values(inOrder(events).map((event, index) => ({ position: start + index, event_id: event.id })))
      .execute();
    const ids = events.map(({ id }) => id);
    await tx
      .deleteFrom('ledger_queue')
      .where(isOneOf(tx, 'event_id', ids))
      .execute();
    return events.length;
  });
}

type Waiting = Pick<EventTable, 'id' | 'permission_id' | 'number'>;

async function waiting(tx: Tx, most: number): Promise<Waiting[]> {
  return tx
    .selectFrom('ledger_queue')
    .innerJoin('events', 'events.id', 'ledger_queue.event_id')
    .select(['events.id', 'events.permission_id', 'events.number'])
    .orderBy('ledger_queue.event_id')
    .limit(most)
    .execute();
}

/** By id, which follows the clock, but the events of one permission by their number: clocks of two machines may differ. */
function inOrder(events: Waiting[]): Waiting[] {
  const byPermission = Map.groupBy(events, (event) => event.permission_id);
  for (const own of byPermission.values()) own.sort((a, b) => a.number - b.number);
  return events.map((event) => byPermission.get(event.permission_id)?.shift() ?? event);
}
