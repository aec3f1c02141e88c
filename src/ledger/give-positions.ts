import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { passGate } from '#db/locks.ts';
import type { EventTable } from '#db/schema/events.ts';

/** The last position of the feed; 0 when it is empty. */
export async function newestPosition(db: Db): Promise<number> {
  const last = await db
    .selectFrom('ledger_positions')
    .select((eb) => eb.fn.max('position').as('position'))
    .executeTakeFirst();
  return Number(last?.position ?? 0);
}

export const mostPositionsAtOnce = 1000;
const feedGate = 4_711_001;

/** Assigns the next positions to events that wait for one, and puts them into the queue of the log. Returns how many. */
export async function givePositions(db: Db, most = mostPositionsAtOnce): Promise<number> {
  const waits = await db.selectFrom('ledger_queue').select('event_id').limit(1).executeTakeFirst();
  if (!waits) return 0;
  return db.transaction().execute(async (tx) => {
    await passGate(tx, feedGate);
    const events = await waiting(tx, Math.min(most, mostPositionsAtOnce));
    if (events.length === 0) return 0;
    const start = (await newestPosition(tx)) + 1;
    await tx
      .insertInto('ledger_positions')
      .values(inOrder(events).map((event, index) => ({ position: start + index, event_id: event.id })))
      .execute();
    const ids = events.map(({ id }) => id);
    await tx
      .insertInto('log_queue')
      .values(ids.map((id) => ({ kind: 'event', ref: id, note: null })))
      .execute();
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
