import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { consistencyProof, inclusionProof, leafHash, nodeHash, rootOf } from '#src/log/merkle-tree.ts';
import {
  hashBytes,
  readTilePath,
  subtreesOf,
  tilePath,
  tileRoot,
  tileWidth,
  widthAt,
} from '#src/log/tiles.ts';
import { isConsistent, isIncluded, type Sha256 } from '#src/log/verify-proof.ts';

const sha256: Sha256 = async (data) => new Uint8Array(await crypto.subtle.digest('SHA-256', data));
const bytes = (text: string | null) => Buffer.from(text ?? '', 'base64');

/** Of github.com/transparency-dev/merkle (testdata, Apache-2.0): proofs to accept and proofs to refuse. */
const vectors = JSON.parse(readFileSync(new URL('merkle-vectors.json', import.meta.url), 'utf8')) as {
  inclusion: {
    leafIdx: number;
    treeSize: number;
    root: string;
    leafHash: string;
    proof: string[] | null;
    desc: string;
    wantErr: boolean;
  }[];
  consistency: {
    size1: number;
    size2: number;
    root1: string;
    root2: string;
    proof: string[] | null;
    desc: string;
    wantErr: boolean;
  }[];
};

describe('the public vectors', () => {
  it.each(vectors.inclusion.map((vector, index) => ({ name: `${index} ${vector.desc}`, vector })))(
    'inclusion $name',
    async ({ vector }) => {
      const leaf = { index: vector.leafIdx, hash: bytes(vector.leafHash) };
      const tree = { size: vector.treeSize, root: bytes(vector.root) };
      const included = await isIncluded(sha256, leaf, tree, (vector.proof ?? []).map(bytes));
      expect(included).toBe(!vector.wantErr);
    },
  );

  it.each(vectors.consistency.map((vector, index) => ({ name: `${index} ${vector.desc}`, vector })))(
    'consistency $name',
    async ({ vector }) => {
      const older = { size: vector.size1, root: bytes(vector.root1) };
      const newer = { size: vector.size2, root: bytes(vector.root2) };
      const consistent = await isConsistent(sha256, older, newer, (vector.proof ?? []).map(bytes));
      expect(consistent).toBe(!vector.wantErr);
    },
  );
});

describe('the tree', () => {
  // The example of RFC 6962: eight leaves, and their root.
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];

  it('has the root that the reference implementation has', async () => {
    const log = logOf(leaves.map((hex) => leafHash(Buffer.from(hex, 'hex'))));
    const root = Buffer.from(await rootOf(8, log.read)).toString('hex');
    expect(root).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
    expect(Buffer.from(await rootOf(0, log.read)).toString('hex')).toBe(createHash('sha256').digest('hex'));
  });

  it('proves each leaf at each size, and nothing else', async () => {
    const log = logOf(Array.from({ length: 70 }, () => leafHash(randomBytes(20))));
    for (let size = 1; size <= 70; size++) {
      const root = await rootOf(size, log.read);
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(index, size, log.read);
        const hash = log.leaves[index] as Uint8Array;
        expect(await isIncluded(sha256, { index, hash }, { size, root }, proof)).toBe(true);
        expect(await isIncluded(sha256, { index, hash: randomBytes(32) }, { size, root }, proof)).toBe(false);
      }
    }
  });

  it('proves that each size is the beginning of each later one', async () => {
    const log = logOf(Array.from({ length: 40 }, () => leafHash(randomBytes(20))));
    for (let newer = 1; newer <= 40; newer++) {
      for (let older = 1; older <= newer; older++) {
        const proof = await consistencyProof(older, newer, log.read);
        const heads = [
          { size: older, root: await rootOf(older, log.read) },
          { size: newer, root: await rootOf(newer, log.read) },
        ] as const;
        expect(await isConsistent(sha256, ...heads, proof)).toBe(true);
        if (older === newer) continue;
        const forged = { size: older, root: randomBytes(32) };
        expect(await isConsistent(sha256, forged, heads[1], proof)).toBe(false);
      }
    }
  });
});

describe('tiles', () => {
  it('give the same tree as its leaves', async () => {
    const leaves = Array.from({ length: 70_000 }, (_, index) => leafHash(Buffer.from(String(index))));
    const whole = logOf(leaves);
    const read = subtreesOf(async (place) => tileFrom(leaves, place));
    for (const size of [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000]) {
      expect(await rootOf(size, read)).toEqual(await rootOf(size, whole.read));
    }
    const [index, size] = [12_345, 70_000];
    const proof = await inclusionProof(index, size, read);
    const tree = { size, root: await rootOf(size, read) };
    expect(await isIncluded(sha256, { index, hash: leaves[index] as Uint8Array }, tree, proof)).toBe(true);
  });

  it('are as wide as the specification says for 70,000 entries', () => {
    const widths = (level: number, n: number) => widthAt({ level, n }, 70_000);
    expect([widths(0, 272), widths(0, 273), widths(0, 274)]).toEqual([256, 112, 0]);
    expect([widths(1, 0), widths(1, 1), widths(1, 2)]).toEqual([256, 17, 0]);
    expect([widths(2, 0), widths(3, 0)]).toEqual([1, 0]);
  });

  it('have the paths of the specification', () => {
    expect(tilePath({ level: 0, n: 1_234_067 })).toBe('0/x001/x234/067');
    expect(tilePath({ level: 1, n: 0 }, 17)).toBe('1/000.p/17');
    expect(readTilePath('0/x001/x234/067')).toEqual({ level: 0, n: 1_234_067, width: 256 });
    expect(readTilePath('2/000.p/1')).toEqual({ level: 2, n: 0, width: 1 });
  });

  it.each([
    '0/67',
    '00/067',
    '0/x000/067',
    '0/067.p/0',
    '0/067.p/256',
    '64/000',
    '0/001/067',
    '0/x001',
    '../0/000',
    '',
  ])('refuse the path %j', (path) => expect(readTilePath(path)).toBeUndefined());

  it('say which hash is missing', async () => {
    const read = subtreesOf(async () => new Uint8Array(hashBytes * 3));
    await expect(read(0, 3)).rejects.toThrow('A tile ends before its hash 3.');
  });
});

/** A tree in memory, worked out from the leaves up. */
function logOf(leaves: Uint8Array[]) {
  const levels = [leaves];
  for (let below = leaves; below.length > 1; ) {
    const above: Uint8Array[] = [];
    for (let index = 0; index + 1 < below.length; index += 2) {
      above.push(nodeHash(below[index] as Uint8Array, below[index + 1] as Uint8Array));
    }
    levels.push(above);
    below = above;
  }
  return { leaves, read: async (level: number, index: number) => levels[level]?.[index] as Uint8Array };
}

function tileFrom(leaves: Uint8Array[], { level, n }: { level: number; n: number }): Uint8Array {
  let hashes = leaves;
  for (let step = 0; step < level; step++) {
    const full = Math.floor(hashes.length / tileWidth);
    const below = hashes;
    hashes = Array.from({ length: full }, (_, index) =>
      tileRoot(Buffer.concat(below.slice(index * tileWidth, (index + 1) * tileWidth))),
    );
  }
  return Buffer.concat(hashes.slice(n * tileWidth, (n + 1) * tileWidth));
}
