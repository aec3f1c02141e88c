import type { Db, Tx } from '#db/connect.ts';
import type { Hash, ReadSubtree } from './merkle-tree.ts';
import { hashBytes, subtreesOf, type TilePlace, tileRoot, tileWidth } from './tiles.ts';

/** Reads the tree of the log from its tiles; the newest leaves from the entries themselves. */
export function treeOf(db: Db | Tx): ReadSubtree {
  return subtreesOf((place) => readTile(db, place));
}

/** As many hashes as the tile has now. */
export async function readTile(db: Db | Tx, place: TilePlace): Promise<Buffer> {
  const stored = await findTile(db, place);
  if (stored || place.level > 0) return stored ?? Buffer.alloc(0);
  return Buffer.concat(await leavesOf(db, place.n));
}

async function findTile(db: Db | Tx, { level, n }: TilePlace): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('log_tiles')
    .select('hashes')
    .where('level', '=', level)
    .where('n', '=', n)
    .executeTakeFirst();
  return row && Buffer.from(row.hashes, 'hex');
}

async function leavesOf(db: Db | Tx, n: number): Promise<Hash[]> {
  const rows = await db
    .selectFrom('log_entries')
    .select('leaf')
    .where('idx', '>=', n * tileWidth)
    .where('idx', '<', (n + 1) * tileWidth)
    .orderBy('idx')
    .execute();
  return rows.map(({ leaf }) => Buffer.from(leaf, 'hex'));
}

/** Stores the tiles that the entries up to `size` have filled, where there were `before` entries when it was last done. */
export async function fillTiles(tx: Tx, before: number, size: number): Promise<void> {
  for (let n = Math.floor(before / tileWidth); (n + 1) * tileWidth <= size; n++) {
    const tile = Buffer.concat(await leavesOf(tx, n));
    await storeTile(tx, { level: 0, n }, tile);
    await addRoot(tx, 1, n, tileRoot(tile));
  }
}

/** The root of a full tile becomes a hash of the level above, and may fill a tile there. */
async function addRoot(tx: Tx, level: number, index: number, root: Hash): Promise<void> {
  const n = Math.floor(index / tileWidth);
  const tile = Buffer.concat([(await findTile(tx, { level, n })) ?? Buffer.alloc(0), root]);
  await storeTile(tx, { level, n }, tile);
  if (tile.length === tileWidth * hashBytes) await addRoot(tx, level + 1, n, tileRoot(tile));
}

async function storeTile(tx: Tx, { level, n }: TilePlace, tile: Buffer): Promise<void> {
  const hashes = tile.toString('hex');
  await tx
    .insertInto('log_tiles')
    .values({ level, n, hashes })
    .onConflict((conflict) => conflict.columns(['level', 'n']).doUpdateSet({ hashes }))
    .execute();
}
