import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { passGate } from '#db/locks.ts';
import type { LogEntryTable } from '#db/schema/log.ts';
import type { App } from '#src/app/app.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { contactPointBodies, isUnreadable } from './contact-point-entry.ts';
import { canonicalJson, type EntryBody, readBodies } from './entry-body.ts';
import { leafHash } from './merkle-tree.ts';
import { requireSource } from './sources.ts';
import { fillTiles } from './tile-store.ts';

/** Held by whoever adds to the log or signs its head: one at a time, whatever the number of processes. */
const logGate = 4_711_002;

export function passLogGate(tx: Tx): Promise<void> {
  return passGate(tx, logGate);
}

/**
 * Gives the next places in the log to what waits in its queue; returns how many entries that were.
 *
 * Entries, tiles and the end of the queue are one transaction: after a crash at any moment the same rows wait again, and
 * no place is left out or given twice.
 */
export async function sequence(
  { db, keys, now, log }: Pick<App, 'db' | 'keys' | 'now' | 'log'>,
  most = 500,
): Promise<number> {
  const waits = await db.selectFrom('log_queue').select('id').limit(1).executeTakeFirst();
  if (!waits) return 0;
  return db.transaction().execute(async (tx) => {
    await passLogGate(tx);
    const queued = await tx.selectFrom('log_queue').selectAll().orderBy('id').limit(most).execute();
    if (queued.length === 0) return 0;
    const before = await logSize(tx);
    const bodies = await withContactPoints(tx, keys, await bodiesOf(tx, queued));
    for (const { ref } of bodies.filter(isUnreadable)) {
      log.error({ contact_point: ref }, 'log.address_unreadable');
    }
    const at = now().toISOString();
    const entries = bodies.map((body, index) => entryOf(body, before + index, at));
    await tx.insertInto('log_entries').values(entries).execute();
    await tx
      .deleteFrom('log_queue')
      .where(
        'id',
        'in',
        queued.map(({ id }) => id),
      )
      .execute();
    await fillTiles(tx, before, before + entries.length);
    return entries.length;
  });
}

/** How many entries the log has. */
export async function logSize(db: Db | Tx): Promise<number> {
  const last = await db
    .selectFrom('log_entries')
    .select((eb) => eb.fn.max('idx').as('idx'))
    .executeTakeFirst();
  return last?.idx == null ? 0 : Number(last.idx) + 1;
}

interface Queued {
  kind: string;
  ref: string;
  note: string | null;
}

async function bodiesOf(tx: Tx, queued: Queued[]): Promise<EntryBody[]> {
  const found = new Map<string, Map<string, EntryBody>>();
  for (const [kind, rows] of Map.groupBy(queued, ({ kind }) => kind)) {
    const keys = [...new Set(rows.filter(({ note }) => note === null).map(({ ref }) => ref))];
    if (keys.length > 0) found.set(kind, await readBodies(tx, requireSource(kind), keys));
  }
  return queued.map(({ kind, ref, note }) => {
    if (note !== null) return { entry: kind, ref, ...(JSON.parse(note) as EntryBody) };
    // Gone before it was logged. The entry says so, and whoever deleted it has no place in the log.
    return found.get(kind)?.get(ref) ?? { entry: kind, ref, gone: 1 };
  });
}

/** An address is logged before its first event. */
async function withContactPoints(tx: Tx, keys: Keys, bodies: EntryBody[]): Promise<EntryBody[]> {
  const named = new Set(
    bodies.flatMap(({ entry, contact_point_id: id }) => (entry === 'event' && id ? String(id) : [])),
  );
  const logged = await tx
    .selectFrom('log_entries')
    .select('ref')
    .where(isOneOf(tx, 'ref', [...named]))
    .where('kind', '=', 'contact_point')
    .execute();
  for (const { ref } of logged) named.delete(ref);
  if (named.size === 0) return bodies;
  const points = await contactPointBodies(tx, keys, [...named]);
  return bodies.flatMap((body) => {
    const id = body.entry === 'event' ? String(body.contact_point_id) : '';
    const point = points.get(id);
    points.delete(id);
    return point ? [point, body] : [body];
  });
}

function entryOf(body: EntryBody, idx: number, at: string): LogEntryTable {
  const text = canonicalJson({ ...body, logged_at: at });
  return {
    idx,
    kind: String(body.entry),
    ref: String(body.ref),
    at,
    body: text,
    leaf: Buffer.from(leafHash(Buffer.from(text))).toString('hex'),
  };
}
