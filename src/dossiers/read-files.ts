import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { captureEvidence } from '#src/permissions/capture-evidence.ts';
import { findFile } from '#src/permissions/evidence-files.ts';
import { readLogPlaces } from './log-places.ts';
import type { StoryFile } from './story-documents.ts';
import type { StoryEvent } from './story-events.ts';

/** The scans and recordings that these events name, stored by then or not. */
export async function readFiles(
  db: Db,
  person: PersonWithKey,
  events: StoryEvent[],
  at: string,
): Promise<StoryFile[]> {
  const named = Map.groupBy(events.flatMap(namedIn), ({ sha256 }) => sha256);
  if (named.size === 0) return [];
  const rows = await db
    .selectFrom('evidence_files')
    .select(['id', 'sha256', 'type', 'size', 'created_at'])
    .where('person_id', '=', person.id)
    .where('created_at', '<=', at)
    .where(isOneOf(db, 'sha256', [...named.keys()]))
    .execute();
  const placesOf = await readLogPlaces(
    db,
    rows.map(({ id }) => id),
    at,
  );
  return [...named].map(([sha256, of]): StoryFile => {
    const row = rows.find((one) => one.sha256 === sha256);
    return {
      sha256,
      stored: row ? { id: row.id, type: row.type, size: row.size, at: row.created_at } : null,
      eventIds: of.map(({ eventId }) => eventId),
      log: row ? placesOf('evidence_file', row.id) : [],
    };
  });
}

const fileFields = ['evidence.scan_sha256', 'evidence.recording_sha256'];

function namedIn({ id, fields }: StoryEvent): { eventId: string; sha256: string }[] {
  return fields.flatMap(({ name, value }) =>
    fileFields.includes(name) ? [{ eventId: id, sha256: value.toLowerCase() }] : [],
  );
}

/** The bytes of a scan or recording. `undefined`: it is not stored here. */
export async function readStoryFile(
  db: Db,
  person: PersonWithKey,
  sha256: string,
): Promise<Uint8Array | undefined> {
  const file = await findFile(db, person, sha256);
  if (file) return file.bytes;
  // Older scans are stored inside the evidence.
  const contents = await captureEvidence(db, person);
  const older = contents.find(({ action, typed }) => action === 'scan' && typed?.scan_sha256 === sha256);
  const encoded = older?.typed?.scan_base64;
  return typeof encoded === 'string' ? Buffer.from(encoded, 'base64') : undefined;
}
