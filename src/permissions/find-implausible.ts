import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { isAfterGracePeriod, isBeforeDay } from '#src/consent-texts/text-times.ts';

/** Evidence that cannot be true. Decisions ignore it. */
export interface Implausible {
  kind: 'implausible';
  table: 'events';
  /** Event id. */
  id: string;
  message: string;
}

/** All captures that were not corrected and whose evidence cannot be true (law.md 6.4). Reads in pages. */
export async function findImplausible(db: Db): Promise<Implausible[]> {
  const found: Implausible[] = [];
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('grounds')
      .innerJoin('events', 'events.id', 'grounds.event_id')
      .select(['grounds.event_id', 'grounds.method', 'grounds.occurred_at', 'grounds.missing_evidence'])
      .select(['grounds.file_sha256', 'grounds.file_at', 'events.text_version_id'])
      .where('grounds.corrected_at', 'is', null)
      .where('grounds.event_id', '>', after)
      .orderBy('grounds.event_id')
      .limit(1000)
      .execute();
    const last = rows.at(-1);
    if (!last) return found;
    const texts = await textTimes(db, [
      ...new Set(rows.flatMap(({ text_version_id }) => text_version_id ?? [])),
    ]);
    for (const row of rows) {
      for (const message of untrueThings(row, texts.get(row.text_version_id ?? ''))) {
        found.push({ kind: 'implausible', table: 'events', id: row.event_id, message });
      }
    }
    after = last.event_id;
  }
}

interface TextTimes {
  live_from: string | null;
  retired_at: string | null;
}

async function textTimes(db: Db, ids: string[]): Promise<Map<string, TextTimes>> {
  const rows = await db
    .selectFrom('consent_text_versions')
    .select(['id', 'live_from', 'retired_at'])
    .where(isOneOf(db, 'id', ids))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

interface Row {
  method: string | null;
  occurred_at: string;
  missing_evidence: string;
  file_sha256: string | null;
  file_at: string | null;
}

function untrueThings(row: Row, text: TextTimes | undefined): string[] {
  const { occurred_at: at, method } = row;
  const missing = JSON.parse(row.missing_evidence) as string[];
  const named = row.file_sha256 !== null && row.file_at === null && method !== 'phone_recorded';
  return [
    ...(text?.live_from && isBeforeDay(at, text.live_from)
      ? [`Given ${at}, before its words were in use.`]
      : []),
    ...(text?.retired_at && isAfterGracePeriod(at, text.retired_at)
      ? [`Given ${at}, when its words were not in use any more.`]
      : []),
    ...(missing.includes('confirmed_before_asked') ? ['Confirmed before it was asked for.'] : []),
    ...(named ? [`The scan ${row.file_sha256} is named and not stored.`] : []),
  ];
}
