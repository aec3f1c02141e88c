/**
 * The tree as tiles of 256 hashes (C2SP tlog-tiles): a tile of level 0 holds leaf hashes, one of level L + 1 the roots of
 * full tiles of level L. Full tiles never change.
 */
import { type Hash, nodeHash, type ReadSubtree } from './merkle-tree.ts';

export const tileWidth = 256;
export const hashBytes = 32;

export interface TilePlace {
  level: number;
  /** The number of the tile in its level. */
  n: number;
}

/** The hashes of a tile, one after the other: 32 bytes each, as many as there are. */
export type ReadTile = (place: TilePlace) => Promise<Uint8Array>;

/** Reads subtrees from tiles, each tile once. */
export function subtreesOf(readTile: ReadTile): ReadSubtree {
  const tiles = new Map<string, Promise<Uint8Array>>();
  const tileAt = (place: TilePlace) => {
    const key = `${place.level}/${place.n}`;
    const tile = tiles.get(key) ?? readTile(place);
    tiles.set(key, tile);
    return tile;
  };
  return async (height, index) => {
    const level = Math.floor(height / 8);
    const hashes = 2 ** (height % 8);
    const first = index * hashes;
    const n = Math.floor(first / tileWidth);
    return subtreeIn(await tileAt({ level, n }), first - n * tileWidth, hashes);
  };
}

/** The hash over a number of neighbours in a tile, which is a power of two. */
function subtreeIn(tile: Uint8Array, first: number, count: number): Hash {
  if (count === 1) return hashIn(tile, first);
  const half = count / 2;
  return nodeHash(subtreeIn(tile, first, half), subtreeIn(tile, first + half, half));
}

function hashIn(tile: Uint8Array, index: number): Hash {
  const hash = tile.subarray(index * hashBytes, (index + 1) * hashBytes);
  if (hash.length !== hashBytes) throw new Error(`A tile ends before its hash ${index}.`);
  return hash;
}

/** The root of a full tile, which stands in the level above. */
export function tileRoot(tile: Uint8Array): Hash {
  return subtreeIn(tile, 0, tileWidth);
}

/** How many hashes a tile has in a tree of `size` leaves; 0 where there is no such tile. */
export function widthAt({ level, n }: TilePlace, size: number): number {
  const hashes = Math.floor(size / tileWidth ** level);
  return Math.max(0, Math.min(tileWidth, hashes - n * tileWidth));
}

/** `x001/x234/067` for 1234067, and `.p/112` behind it for a tile of 112 hashes. */
export function tilePath({ level, n }: TilePlace, width = tileWidth): string {
  const digits = String(n);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const path = groups.map((group, index) => (index < groups.length - 1 ? `x${group}` : group)).join('/');
  return `${level}/${path}${width < tileWidth ? `.p/${width}` : ''}`;
}

/** The place and width that a path asks for; `undefined` for a path that the specification does not allow. */
export function readTilePath(path: string): (TilePlace & { width: number }) | undefined {
  const found = /^(0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (!found) return undefined;
  const [, level = '', groups = '', width] = found;
  const place = { level: Number(level), n: Number(groups.replace(/[x/]/g, '')) };
  const read = { ...place, width: width === undefined ? tileWidth : Number(width) };
  const isPossible = read.level <= 63 && Number.isSafeInteger(read.n) && read.width <= tileWidth;
  return isPossible && tilePath(place, read.width) === path ? read : undefined;
}
