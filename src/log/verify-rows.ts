import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { readAhead } from '#db/read-ahead.ts';
import type { LogEntryTable } from '#db/schema/log.ts';
import { type EntryBody, isSameBody, readNextBodies } from './entry-body.ts';
import { type Find, verifyPage } from './finding.ts';
import { type LogSource, nameOfRow } from './sources.ts';

/** Compares each row with the newest entry about it. */
export async function verifyRows(db: Db, source: LogSource, find: Find): Promise<void> {
  for await (const page of readAhead<Row>((last) => rowsAfter(db, source, last?.ref ?? ''))) {
    for (const { ref, body, entry, waits } of page) {
      if (waits || (entry && sameFacts(entry.body, body, source))) continue;
      const about = { table: source.table, id: ref, index: entry ? Number(entry.idx) : null };
      if (entry)
        find({ ...about, kind: 'changed', message: `${nameOfRow(source, ref)} is not as it was logged.` });
      else if (isLogged(source, body)) {
        find({ ...about, kind: 'not_logged', message: `${nameOfRow(source, ref)} was never logged.` });
      }
    }
  }
}

interface Row {
  ref: string;
  body: EntryBody;
  entry: Pick<LogEntryTable, 'idx' | 'body'> | undefined;
  /** It changed, and its next entry is not written yet. */
  waits: boolean;
}

async function rowsAfter(db: Db, source: LogSource, after: string): Promise<Row[]> {
  const bodies = await readNextBodies(db, source, after, verifyPage);
  const refs = [...bodies.keys()].sort();
  if (refs.length === 0) return [];
  const entries = await newestEntries(db, source.kind, refs);
  const waiting = await queuedRefs(db, source.kind, refs);
  return refs.flatMap((ref) => {
    const body = bodies.get(ref);
    return body ? [{ ref, body, entry: entries.get(ref), waits: waiting.has(ref) }] : [];
  });
}

async function newestEntries(db: Db, kind: string, refs: string[]) {
  const rows = await db
    .selectFrom('log_entries')
    .select(['idx', 'ref', 'body'])
    .where(isOneOf(db, 'ref', refs))
    .where('kind', '=', kind)
    .orderBy('idx')
    .execute();
  return new Map(rows.map((row) => [row.ref, row]));
}

async function queuedRefs(db: Db, kind: string, refs: string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('log_queue')
    .select('ref')
    .where(isOneOf(db, 'ref', refs))
    .where('kind', '=', kind)
    .execute();
  const waiting = new Set(rows.map(({ ref }) => ref));
  if (kind !== 'event') return waiting;
  const unplaced = await db
    .selectFrom('ledger_queue')
    .select('event_id')
    .where(isOneOf(db, 'event_id', refs))
    .execute();
  return new Set([...waiting, ...unplaced.map(({ event_id }) => event_id)]);
}

/** Rows that are logged only from a moment of their life on. */
function isLogged({ kind }: LogSource, body: EntryBody): boolean {
  if (kind === 'mail') return body.sent_at !== null;
  if (kind === 'evidence_file') return body.person_id !== null;
  if (kind === 'letter') return body.printed_at !== null;
  if (kind === 'text_version') return body.approved_at !== null;
  if (kind === 'erasure') return body.erased_at !== null;
  if (kind === 'import') return body.released_at !== null;
  return true;
}

function sameFacts(logged: string, now: EntryBody, source: LogSource): boolean {
  const { logged_at: _, ...then } = JSON.parse(logged) as EntryBody;
  // A column that is newer than the entry says nothing of an older row.
  for (const column of source.columns) then[column] ??= null;
  // What was encrypted is gone when its person is erased, and no one can tell any more what it said.
  for (const column of source.person ? (source.hashed ?? []) : []) {
    if (now[`${column}_sha256`] === null) then[`${column}_sha256`] = null;
  }
  return isSameBody(then, now);
}
