import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { byThen } from './by-then.ts';
import { readLogPlaces } from './log-places.ts';
import { readActors } from './story-actors.ts';
import type { StoryImport } from './story-documents.ts';
import type { StoryEvent } from './story-events.ts';

/** The files that these events were imported with. Older imports did not record it. */
export async function readImports(db: Db, events: StoryEvent[], at: string): Promise<StoryImport[]> {
  const lines = events.flatMap(lineOf);
  const ids = [...new Set(lines.map(({ importId }) => importId))];
  const rows = await db
    .selectFrom('imports')
    .selectAll()
    .where(isOneOf(db, 'id', ids))
    .execute();
  const actorOf = await readActors(
    db,
    rows.flatMap(({ filed_by, released_by }) => [filed_by, released_by ?? '']),
  );
  const placesOf = await readLogPlaces(db, ids, at);
  return rows.map((row): StoryImport => {
    const releasedAt = byThen(row.released_at, at);
    return {
      id: row.id,
      name: row.name,
      origin: row.origin,
      rows: row.rows,
      filedBy: { ...actorOf(row.filed_by), name: row.filed_by_name },
      filedAt: row.filed_at,
      releasedBy:
        releasedAt !== null && row.released_by !== null
          ? { ...actorOf(row.released_by), name: row.released_by_name }
          : null,
      releasedAt,
      fileMac: row.file_mac,
      lines: lines.flatMap(({ importId, eventId, line }) => (importId === row.id ? [{ eventId, line }] : [])),
      log: placesOf('import', row.id),
    };
  });
}

function lineOf({ id: eventId, fields }: StoryEvent): { importId: string; eventId: string; line: number }[] {
  const field = (name: string) => fields.find((one) => one.name === name)?.value;
  const importId = field('evidence.import_id');
  return importId === undefined ? [] : [{ importId, eventId, line: Number(field('evidence.import_line')) }];
}
