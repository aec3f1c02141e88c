/** Fills the ledger with people who signed up and confirmed: some did so by the acts, the others are copies with ids of their own. */
import type { Db } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { EventTable } from '#db/schema/events.ts';
import { eventHash } from '#src/ledger/event-hash.ts';

type Row = Record<string, string | number | null>;

const inserts = {
  people: insertRows('people'),
  contact_points: insertRows('contact_points'),
  evidence: insertRows('evidence'),
  permissions: insertRows('permissions'),
  events: insertRows('events'),
};
const tables = Object.keys(inserts) as (keyof typeof inserts)[];

const atOnce = 200;

/** Adds `copies` of everybody who is there, a batch at a time. Returns how many events that were. */
export async function clonePeople(db: Db, copies: number): Promise<number> {
  const originals = new Map<string, Row[]>();
  for (const table of tables)
    originals.set(table, (await db.selectFrom(table).selectAll().execute()) as Row[]);
  const ids = new Set([...originals.values()].flat().map(({ id }) => id));
  for (let first = 1; first <= copies; first += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, copies - first + 1) }, (_, index) => first + index);
    await db.transaction().execute(async (tx) => {
      for (const table of tables) {
        const rows = numbers.flatMap((copy) =>
          (originals.get(table) ?? []).map((row) => copyOf(table, row, copy, ids)),
        );
        await inserts[table](tx, rows as never);
      }
    });
  }
  return copies * (originals.get('events')?.length ?? 0);
}

/** With ids, and what they refer to, that begin with the number of the copy. */
function copyOf(table: string, row: Row, copy: number, ids: Set<Row[string] | undefined>): Row {
  const prefix = copy.toString(16).padStart(8, '0');
  const entries = Object.entries(row).map(([column, value]) => {
    if (typeof value === 'string' && ids.has(value)) return [column, prefix + value.slice(8)];
    // One mailbox each.
    if (column === 'lookup_hash' && typeof value === 'string') return [column, prefix + value.slice(8)];
    return [column, value];
  });
  const copied = Object.fromEntries(entries) as Row;
  return table === 'events' ? { ...copied, hash: eventHash(copied as unknown as EventTable) } : copied;
}
