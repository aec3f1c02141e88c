import { unzipSync, type Zippable, zipSync } from 'fflate';
import type { Files } from '#src/verifier/file-list.ts';

/** All files have the earliest time that a zip can name. */
const mtime = new Date(1980, 0, 1);

/** The same files give the same bytes. */
export function packFiles(files: Files): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = sorted.map(([name, bytes]): [string, Zippable[string]] => [name, [bytes, { mtime }]]);
  return zipSync(Object.fromEntries(entries), { level: 6 });
}

/** `undefined` when the bytes are no zip, are cut off, or would unpack to more than a dossier can hold. */
export function unpackFiles(zip: Uint8Array): Files | undefined {
  let size = 0;
  try {
    const entries = unzipSync(zip, {
      filter({ originalSize }) {
        size += originalSize;
        if (size > mostBytes) throw new Error('too much to unpack');
        return true;
      },
    });
    return new Map(Object.entries(entries).filter(([name]) => !name.endsWith('/')));
  } catch {
    return undefined;
  }
}

const mostBytes = 1024 * 1024 * 1024;
