import { createHash } from 'node:crypto';

/** What was signed, as it was put on the scanner. */
export interface Scan {
  type: 'application/pdf' | 'image/jpeg' | 'image/png';
  bytes: Uint8Array;
  sha256: string;
}

/** A form with one takes a megabyte. */
export const largestScan = 900_000;

/** Goes by how the file begins: its name and the type that a browser claims prove nothing. */
export function readScan(bytes: Uint8Array): Scan | 'unknown_type' | 'too_large' {
  if (bytes.length > largestScan) return 'too_large';
  const found = beginnings.find(({ start }) => start.every((byte, index) => bytes[index] === byte));
  if (!found) return 'unknown_type';
  return { type: found.type, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const beginnings: { type: Scan['type']; start: number[] }[] = [
  { type: 'application/pdf', start: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: 'image/jpeg', start: [0xff, 0xd8, 0xff] },
  { type: 'image/png', start: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
];
