import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { EntryBody } from './entry-body.ts';
import type { Find, LoggedEntry } from './finding.ts';
import { type LogSource, logSources, nameOfRow } from './sources.ts';

/** Finds the entries of a page whose row is gone, though neither an erasure nor a purge explains it. */
export async function findMissingRows(db: Db, page: LoggedEntry[], find: Find): Promise<void> {
  for (const [kind, entries] of Map.groupBy(page, (entry) => entry.kind)) {
    const source = logSources.find((one) => one.kind === kind);
    if (source) await findMissing(db, source, entries, find);
  }
}

async function findMissing(db: Db, source: LogSource, entries: LoggedEntry[], find: Find): Promise<void> {
  const { table, key } = source;
  const refs = [...new Set(entries.map(({ ref }) => ref))];
  const there = await db
    .selectFrom(`${table} as row` as 'events as row')
    .select(`row.${key} as key` as 'row.id as key')
    .where(isOneOf(db, `row.${key}`, refs))
    .execute();
  const known = new Set(there.map((row) => row.key));
  const gone = entries.filter(({ ref }) => !known.has(ref));
  if (gone.length === 0) return;
  const explained = await explainedRows(db, source, gone);
  for (const { idx, ref } of gone.filter((entry) => !explained.has(entry.ref))) {
    const message = `${nameOfRow(source, ref)} was logged and is gone.`;
    find({ kind: 'missing', table, id: ref, index: idx, message });
  }
}

/** Events stay when their signup is purged or their person erased; mails and files go. */
async function explainedRows(
  db: Db,
  { deletedWithOwner }: LogSource,
  entries: LoggedEntry[],
): Promise<Set<string>> {
  const about = entries.map(({ ref, body }) => ({ ref, body: JSON.parse(body) as EntryBody }));
  const causes = (deletedWithOwner ? about : [])
    .flatMap(({ body }) => [body.person_id, body.signup_id])
    .filter((id) => id != null);
  const gone = await db
    .selectFrom('log_entries')
    .select('ref')
    .where(isOneOf(db, 'ref', causes.map(String)))
    .where('kind', 'in', ['erasure', 'purged_signup'])
    .execute();
  const known = new Set(gone.map(({ ref }) => ref));
  const isExplained = (body: EntryBody) =>
    body.gone === 1 || known.has(String(body.person_id)) || known.has(String(body.signup_id));
  return new Set(about.filter(({ body }) => isExplained(body)).map(({ ref }) => ref));
}
