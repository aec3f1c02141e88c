/**
 * The Merkle tree of RFC 9162, section 2.1, over SHA-256: its root at any size, and proofs between sizes. The tree is
 * read by complete subtrees, so a proof in a tree of ten million leaves needs about fifty hashes.
 */
import { createHash } from 'node:crypto';

/** 32 bytes. */
export type Hash = Uint8Array;

/** The hash over the 2^`level` leaves that begin at leaf `index` × 2^`level`. All of them are in the tree. */
export type ReadSubtree = (level: number, index: number) => Promise<Hash>;

/** SHA-256(0x00 ‖ entry) */
export function leafHash(entry: Uint8Array): Hash {
  return createHash('sha256').update(leafPrefix).update(entry).digest();
}

/** SHA-256(0x01 ‖ left ‖ right) */
export function nodeHash(left: Hash, right: Hash): Hash {
  return createHash('sha256').update(nodePrefix).update(left).update(right).digest();
}

const leafPrefix = Buffer.of(0);
const nodePrefix = Buffer.of(1);

/** The root of the tree of the first `size` leaves. An empty tree has the hash of nothing. */
export async function rootOf(size: number, read: ReadSubtree): Promise<Hash> {
  return size === 0 ? createHash('sha256').digest() : rangeHash(0, size, read);
}

/** The root over these leaf hashes. */
export function merkleRoot(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (!only) return createHash('sha256').digest();
  if (leaves.length === 1) return only;
  const middle = leftLeaves(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, middle)), merkleRoot(leaves.slice(middle)));
}

/** Shows that the leaf at `index` is in the tree of `size` leaves (section 2.1.3.1). */
export async function inclusionProof(index: number, size: number, read: ReadSubtree): Promise<Hash[]> {
  const proof: Hash[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + leftLeaves(to - from);
    const isLeft = index < middle;
    proof.unshift(await (isLeft ? rangeHash(middle, to, read) : rangeHash(from, middle, read)));
    if (isLeft) to = middle;
    else from = middle;
  }
  return proof;
}

/** Shows that the tree of `older` leaves is the beginning of the tree of `newer` leaves (section 2.1.4.1). */
export async function consistencyProof(older: number, newer: number, read: ReadSubtree): Promise<Hash[]> {
  if (older === 0 || older === newer) return [];
  const proof: Hash[] = [];
  let [from, to] = [0, newer];
  while (to !== older) {
    const middle = from + leftLeaves(to - from);
    const isLeft = older <= middle;
    proof.unshift(await (isLeft ? rangeHash(middle, to, read) : rangeHash(from, middle, read)));
    if (isLeft) to = middle;
    else from = middle;
  }
  // The reader of the proof knows the older root already.
  return from === 0 ? proof : [await rangeHash(from, to, read), ...proof];
}

async function rangeHash(from: number, to: number, read: ReadSubtree): Promise<Hash> {
  const leaves = to - from;
  const level = Math.log2(leaves);
  if (Number.isInteger(level)) return read(level, from / leaves);
  const middle = from + leftLeaves(leaves);
  return nodeHash(await rangeHash(from, middle, read), await rangeHash(middle, to, read));
}

/** The largest power of two below `leaves`. */
function leftLeaves(leaves: number): number {
  return 2 ** Math.floor(Math.log2(leaves - 1));
}
