import type { Db } from '#db/connect.ts';
import { type Find, verifyPage } from './finding.ts';
import { Frontier } from './frontier.ts';
import { leafHash } from './merkle-tree.ts';

/** A root that the log had at some size: signed here, or kept outside. */
export interface Head {
  size: number;
  root: string;
  /** Of one from outside: the log that it names. */
  origin?: string;
}

/** Compares each entry with its leaf, and the tree of all leaves with each head. Returns how many entries there are. */
export async function verifyEntries(db: Db, heads: Head[], find: Find): Promise<number> {
  const bySize = Map.groupBy(heads, ({ size }) => size);
  const tree = new Frontier();
  /** The largest size at which a head fits. */
  let fits: number | null = null;
  for (let next = 0; ; ) {
    const rows = await entriesFrom(db, next);
    if (rows.length === 0) break;
    for (const row of rows) {
      checkEntry(row, next, find);
      next = Number(row.idx) + 1;
      tree.add(Buffer.from(row.leaf, 'hex'));
      const asked = bySize.get(tree.size);
      if (asked) fits = checkHeads(asked, tree.root(), fits, find);
    }
  }
  for (const head of heads.filter(({ size }) => size > tree.size)) {
    find(lost(head, tree.size), [fits, head.size]);
  }
  return tree.size;
}

type Entry = Awaited<ReturnType<typeof entriesFrom>>[number];

function entriesFrom(db: Db, idx: number) {
  return db
    .selectFrom('log_entries')
    .select(['idx', 'body', 'leaf'])
    .where('idx', '>=', idx)
    .orderBy('idx')
    .limit(verifyPage)
    .execute();
}

function checkEntry({ idx, body, leaf }: Entry, expected: number, find: Find): void {
  const index = Number(idx);
  const table = 'log_entries';
  if (index !== expected) {
    const message = `The entries ${expected} to ${index - 1} of the log are missing.`;
    find({ kind: 'gap', table, id: String(expected), index: expected, message });
  }
  if (Buffer.from(leafHash(Buffer.from(body))).toString('hex') !== leaf) {
    const message = `Entry ${index} of the log does not fit its hash.`;
    find({ kind: 'entry', table, id: String(index), index, message });
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
