import type { Db } from '#db/connect.ts';
import { readAhead } from '#db/read-ahead.ts';
import { type Find, type LoggedEntry, type OutsideHead, verifyPage } from './finding.ts';
import { Frontier } from './frontier.ts';
import { leafHash } from './merkle-tree.ts';

/** A root that the log had at some size: signed here, or kept outside. */
interface Head {
  size: number;
  root: string;
  /** Of one from outside: the log that it names. */
  origin?: string;
}

/**
 * Compares each entry with its leaf, and the tree of all leaves with each head. Returns how many entries there are.
 *
 * @param onPage gets the entries once more, a page at a time, for what compares them with the tables
 */
export async function verifyEntries(
  db: Db,
  outside: OutsideHead[],
  find: Find,
  onPage: (page: LoggedEntry[]) => Promise<void>,
): Promise<number> {
  const tree = new Frontier();
  /** The largest size at which a head fits. */
  let fits: number | null = null;
  let next = 0;
  for await (const page of readAhead<Entry>((last) => entriesFrom(db, last ? last.idx + 1 : 0))) {
    const heads = await headsWithin(db, outside, tree.size, tree.size + page.length);
    for (const entry of page) {
      checkEntry(entry, next, find);
      next = entry.idx + 1;
      tree.add(Buffer.from(entry.leaf, 'hex'));
      const asked = heads.get(tree.size);
      if (asked) fits = checkHeads(asked, tree.root(), fits, find);
    }
    await onPage(page);
  }
  for (const head of await headsBeyond(db, outside, tree.size)) {
    find(lost(head, tree.size), [fits, head.size]);
  }
  return tree.size;
}

interface Entry extends LoggedEntry {
  leaf: string;
}

async function entriesFrom(db: Db, idx: number): Promise<Entry[]> {
  const rows = await db
    .selectFrom('log_entries')
    .select(['idx', 'kind', 'ref', 'body', 'leaf'])
    .where('idx', '>=', idx)
    .orderBy('idx')
    .limit(verifyPage)
    .execute();
  return rows.map((row) => ({ ...row, idx: Number(row.idx) }));
}

/** Those with a size above `from` and not above `to`, by their size. */
async function headsWithin(
  db: Db,
  outside: OutsideHead[],
  from: number,
  to: number,
): Promise<Map<number, Head[]>> {
  const rows = await db
    .selectFrom('log_checkpoints')
    .select(['size', 'root'])
    .where('size', '>', from)
    .where('size', '<=', to)
    .orderBy('size')
    .execute();
  const heads: Head[] = [
    ...rows.map(({ size, root }) => ({ size: Number(size), root })),
    ...outside.filter(({ size }) => size > from && size <= to),
  ];
  return Map.groupBy(heads, ({ size }) => size);
}

/** Those that speak of more entries than there are: of our own the newest, which names all that is lost. */
async function headsBeyond(db: Db, outside: OutsideHead[], size: number): Promise<Head[]> {
  const row = await db
    .selectFrom('log_checkpoints')
    .select(['size', 'root'])
    .where('size', '>', size)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  const own = row ? [{ size: Number(row.size), root: row.root }] : [];
  return [...own, ...outside.filter((head) => head.size > size)];
}

function checkEntry({ idx, body, leaf }: Entry, expected: number, find: Find): void {
  const table = 'log_entries';
  if (idx !== expected) {
    const message = `The entries ${expected} to ${idx - 1} of the log are missing.`;
    find({ kind: 'gap', table, id: String(expected), index: expected, message });
  }
  if (Buffer.from(leafHash(Buffer.from(body))).toString('hex') !== leaf) {
    const message = `Entry ${idx} of the log does not fit its hash.`;
    find({ kind: 'entry', table, id: String(idx), index: idx, message });
  }
}

/** Returns the largest size at which a head fits. */
function checkHeads(heads: Head[], root: Uint8Array, fits: number | null, find: Find): number | null {
  const now = Buffer.from(root).toString('hex');
  const other = heads.filter((head) => head.root !== now);
  for (const head of other) find(otherRoot(head), [fits, head.size]);
  return other.length < heads.length ? (heads[0]?.size ?? fits) : fits;
}

function otherRoot({ size, origin }: Head): Parameters<Find>[0] {
  const whose = origin === undefined ? 'the checkpoint' : 'the checkpoint from outside';
  return {
    kind: 'root',
    table: 'log_entries',
    id: String(size),
    index: null,
    message: `The first ${size} entries of the log are not those that ${whose} of this size was signed for.`,
  };
}

function lost({ size, origin }: Head, entries: number): Parameters<Find>[0] {
  const whose = origin === undefined ? 'A checkpoint' : 'A checkpoint from outside';
  return {
    kind: 'lost',
    table: 'log_entries',
    id: String(entries),
    index: entries,
    message: `${whose} names ${size} entries, the log has ${entries}: the entries ${entries} to ${size - 1} are lost.`,
  };
}
