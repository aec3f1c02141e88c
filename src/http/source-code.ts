import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The source of the running version, packed when the pages were built. */
const archive = fileURLToPath(new URL('../../dist/source.tar.gz', import.meta.url));
const licence = fileURLToPath(new URL('../../LICENSE', import.meta.url));

/** False in development, where nothing is built. */
export function hasSourceArchive(): boolean {
  return existsSync(archive);
}

/** A gzipped tar; `undefined` in development. */
export async function sourceArchive(): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = await readFile(archive).catch(() => undefined);
  return bytes && new Uint8Array(bytes);
}

export function licenceText(): Promise<string> {
  return readFile(licence, 'utf8');
}
