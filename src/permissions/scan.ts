import { createHash } from 'node:crypto';

const types = [
  'application/pdf',
  'image/jpeg',
  'image/png',
  'image/tiff',
  'audio/wav',
  'audio/mpeg',
  'audio/ogg',
] as const;

/** A scan of a signed document, or a recording of a call. */
export interface Scan {
  type: (typeof types)[number];
  bytes: Uint8Array;
  sha256: string;
}

/** As part of a desk form, which is limited to one megabyte. */
export const maxScanBytes = 900_000;
/** As a request of its own. */
export const maxFileBytes = 25 * 1024 * 1024;

/** Detects the type from the first bytes, because file name and declared type prove nothing. */
export function readScan(bytes: Uint8Array, most = maxScanBytes): Scan | 'unknown_type' | 'too_large' {
  if (bytes.length > most) return 'too_large';
  const type = types.find((one) => beginsAs[one](Buffer.from(bytes.subarray(0, 12)).toString('latin1')));
  if (!type) return 'unknown_type';
  return { type, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const beginsAs: Record<Scan['type'], (start: string) => boolean> = {
  'application/pdf': (start) => start.startsWith('%PDF-'),
  'image/jpeg': (start) => start.startsWith('\xff\xd8\xff'),
  'image/png': (start) => start.startsWith('\x89PNG\r\n\x1a\n'),
  'image/tiff': (start) => start.startsWith('II*\0') || start.startsWith('MM\0*'),
  'audio/wav': (start) => start.startsWith('RIFF') && start.slice(8, 12) === 'WAVE',
  // Starts with an ID3 tag, or directly with a frame of MPEG audio, layer III.
  'audio/mpeg': (start) => start.startsWith('ID3') || /^\xff[\xe2\xe3\xf2\xf3\xfa\xfb]/.test(start),
  'audio/ogg': (start) => start.startsWith('OggS'),
};
