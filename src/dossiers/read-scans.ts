import type { Db } from '#db/connect.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { readStoryFile } from './read-files.ts';
import type { Story } from './story.ts';

/** The pictures among the files of a story, by their SHA-256, hex. */
export async function readScans(
  db: Db,
  person: PersonWithKey,
  { files }: Story,
): Promise<Map<string, Uint8Array>> {
  const scans = new Map<string, Uint8Array>();
  for (const { sha256, stored } of files) {
    if (!stored?.type.startsWith('image/')) continue;
    const bytes = await readStoryFile(db, person, sha256);
    if (bytes) scans.set(sha256, bytes);
  }
  return scans;
}
