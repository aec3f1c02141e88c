import type { Db } from '#db/connect.ts';
import type { LetterContent } from '#src/letters/letter-content.ts';
import type { LetterChange } from '#src/letters/queue-letters.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson, decryptText } from '#src/people/encryption.ts';
import { byThen } from './by-then.ts';
import { readLogPlaces } from './log-places.ts';
import type { StoryLetter } from './story-documents.ts';

/** The letters to a person by then. `about`: those that tell of `{purpose}:{channel}`; null: all. */
export async function readLetters(
  db: Db,
  person: PersonWithKey,
  about: string | null,
  at: string,
): Promise<StoryLetter[]> {
  const rows = await db
    .selectFrom('letters')
    .leftJoin('staff as printer', 'printer.id', 'letters.printed_by')
    .leftJoin('staff as sender', 'sender.id', 'letters.sent_by')
    .selectAll('letters')
    .select(['printer.name as printer_name', 'sender.name as sender_name'])
    .where('letters.person_id', '=', person.id)
    .where('letters.created_at', '<=', at)
    .orderBy('letters.id')
    .execute();
  const wanted = rows.filter(
    ({ changes_enc }) =>
      about === null ||
      decryptJson<LetterChange[]>(person.key, changes_enc).some(
        ({ purpose, channel }) => `${purpose}:${channel}` === about,
      ),
  );
  const placesOf = await readLogPlaces(
    db,
    wanted.map(({ id }) => id),
    at,
  );
  return wanted.map((row): StoryLetter => {
    const printedAt = byThen(row.printed_at, at);
    const sentAt = byThen(row.sent_at, at);
    const cancelled = byThen(row.cancelled_at, at) !== null;
    const json =
      printedAt === null || row.content_enc === null ? null : decryptText(person.key, row.content_enc);
    return {
      id: row.id,
      state: cancelled ? 'cancelled' : sentAt ? 'sent' : printedAt ? 'printed' : 'waiting',
      controllerId: row.controller_id,
      locale: row.locale,
      createdAt: row.created_at,
      printedAt,
      printedBy: printedAt === null ? null : row.printer_name,
      sentAt,
      sentBy: sentAt === null ? null : row.sender_name,
      cancelledBecause: cancelled ? row.cancelled_because : null,
      content: json === null ? null : contentOf(json),
      salted: row.commitment === null ? null : json,
      commitment: json === null ? null : row.commitment,
      log: placesOf('letter', row.id),
    };
  });
}

function contentOf(json: string): LetterContent {
  const { salt: _, ...content } = JSON.parse(json) as LetterContent & { salt?: string };
  return content;
}
