/** The file `leaves.json`: what the log says of each row, and the proofs that it says so. */
import { type Bytes, fromBase64, utf8 } from './bytes.ts';

export const dossierFormat = 'jawort/dossier/1';

export interface DossierLeaves {
  format: typeof dossierFormat;
  /** The newest head of the log: each inclusion proof leads to it. */
  checkpoint: string;
  /**
   * Older heads, by size, with the proof that the newest one continues them. `cosignatures` are the lines of witnesses; a time
   * stamp of such a head is the file `tsa/{size}.tsr`.
   */
  earlier: { checkpoint: string; cosignatures: string[]; consistency: string[] }[];
  leaves: {
    index: number;
    /** Canonical JSON. The leaf is SHA-256(0x00 ‖ body). */
    body: string;
    /** Base64, from the leaf upwards. */
    inclusion: string[];
  }[];
}

export type ReadLeaves = DossierLeaves | 'unreadable' | 'other_format';

export function readLeaves(text: string): ReadLeaves {
  const read = parseObject(text);
  if (!read) return 'unreadable';
  if (read.format !== dossierFormat) return 'other_format';
  const { checkpoint, earlier, leaves } = read;
  const isWhole =
    typeof checkpoint === 'string' &&
    Array.isArray(earlier) &&
    earlier.every(isEarlier) &&
    Array.isArray(leaves) &&
    leaves.every(isLeaf);
  return isWhole ? (read as unknown as DossierLeaves) : 'unreadable';
}

/** `undefined` when the text is no JSON object. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEarlier(head: Partial<DossierLeaves['earlier'][number]> | null): boolean {
  return (
    typeof head?.checkpoint === 'string' &&
    Array.isArray(head.cosignatures) &&
    head.cosignatures.every((line) => typeof line === 'string') &&
    isHashes(head.consistency)
  );
}

function isLeaf(leaf: Partial<DossierLeaves['leaves'][number]> | null): boolean {
  return (
    Number.isSafeInteger(leaf?.index) &&
    typeof leaf?.body === 'string' &&
    parseObject(leaf.body) !== undefined &&
    isHashes(leaf.inclusion)
  );
}

function isHashes(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((one) => typeof one === 'string' && fromBase64(one)?.length === 32)
  );
}

export function hashesIn(encoded: string[]): Bytes[] {
  return encoded.map((one) => fromBase64(one) ?? new Uint8Array());
}

/** What the log says of a row: a kind, the key of the row, and its facts. */
export interface Entry {
  index: number;
  body: Bytes;
  entry: string;
  ref: string;
  facts: Record<string, unknown>;
}

export function entriesIn({ leaves }: DossierLeaves): Entry[] {
  return leaves.map(({ index, body }) => {
    const facts = parseObject(body) ?? {};
    return { index, body: utf8(body), entry: String(facts.entry), ref: String(facts.ref), facts };
  });
}
