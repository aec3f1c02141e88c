/**
 * Checks proofs of RFC 9162 with nothing but a SHA-256 function: the same code runs in the server, in the browser and in
 * the verifier of a dossier.
 */

/** `crypto.subtle` does this in a browser and in Node. */
export type Sha256 = (data: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

/** Whether the leaf with this hash is at `index` in the tree with this root (section 2.1.3.2). */
export async function isIncluded(
  sha256: Sha256,
  leaf: { index: number; hash: Uint8Array },
  tree: { size: number; root: Uint8Array },
  proof: Uint8Array[],
): Promise<boolean> {
  if (leaf.index >= tree.size || leaf.hash.length !== hashBytes) return false;
  const path = startPath(leaf.index, tree.size - 1);
  let hash = leaf.hash;
  for (const sibling of proof) {
    if (path.last === 0 || sibling.length !== hashBytes) return false;
    if (isRightEdge(path)) {
      hash = await nodeOf(sha256, sibling, hash);
      climbToOdd(path);
    } else hash = await nodeOf(sha256, hash, sibling);
    climb(path);
  }
  return path.last === 0 && equal(hash, tree.root);
}

/** Whether the older tree is the beginning of the newer one (section 2.1.4.2). */
export async function isConsistent(
  sha256: Sha256,
  older: { size: number; root: Uint8Array },
  newer: { size: number; root: Uint8Array },
  proof: Uint8Array[],
): Promise<boolean> {
  // An empty tree is the beginning of every tree: nothing is shown by that.
  if (older.size === 0 || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && equal(older.root, newer.root);
  const path = startPath(older.size - 1, newer.size - 1);
  while (path.at % 2 === 1) climb(path);
  // The root of a complete tree is in no proof: who checks it has it.
  const [start, ...rest] = path.at === 0 ? [older.root, ...proof] : proof;
  if (!start) return false;
  let [olderHash, newerHash] = [start, start];
  for (const hash of rest) {
    if (path.last === 0 || hash.length !== hashBytes) return false;
    if (isRightEdge(path)) {
      olderHash = await nodeOf(sha256, hash, olderHash);
      newerHash = await nodeOf(sha256, hash, newerHash);
      climbToOdd(path);
    } else newerHash = await nodeOf(sha256, newerHash, hash);
    climb(path);
  }
  return path.last === 0 && equal(olderHash, older.root) && equal(newerHash, newer.root);
}

const hashBytes = 32;

/** A node on the way from a leaf to the root, and the last node of its level. */
interface Path {
  at: number;
  last: number;
}

function startPath(at: number, last: number): Path {
  return { at, last };
}

function climb(path: Path): void {
  path.at = Math.floor(path.at / 2);
  path.last = Math.floor(path.last / 2);
}

/** Its sibling is on the left: it is a right child, or the last node of a level that has no right one. */
function isRightEdge({ at, last }: Path): boolean {
  return at % 2 === 1 || at === last;
}

/** Levels without a sibling add nothing to the proof. */
function climbToOdd(path: Path): void {
  while (path.at % 2 === 0 && path.at !== 0) climb(path);
}

async function nodeOf(sha256: Sha256, left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  const bytes = new Uint8Array(1 + left.length + right.length);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return sha256(bytes);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
