import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { LogEntryTable } from '#db/schema/log.ts';
import type { EntryBody } from './entry-body.ts';
import { type Find, verifyPage } from './finding.ts';
import { type LogSource, nameOfRow } from './sources.ts';

/** Finds the entries whose row is gone, though neither an erasure nor a purge explains it. */
export async function findMissingRows(db: Db, source: LogSource, find: Find): Promise<void> {
  const { table, key, kind } = source;
  let after = -1;
  for (;;) {
    const rows = await db
      .selectFrom('log_entries')
      .select(['idx', 'ref', 'body'])
      .where('kind', '=', kind)
      .where('idx', '>', after)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom(`${table} as row` as 'events as row')
              .select(eb.lit(1).as('one'))
              .whereRef(`row.${key}` as 'row.id', '=', 'log_entries.ref'),
          ),
        ),
      )
      .orderBy('idx')
      .limit(verifyPage)
      .execute();
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last.idx);
    const explained = await explainedRows(db, source, rows);
    for (const { idx, ref } of rows.filter((row) => !explained.has(row.ref))) {
      find({
        kind: 'missing',
        table,
        id: ref,
        index: Number(idx),
        message: `${nameOfRow(source, ref)} was logged and is gone.`,
      });
    }
  }
}

/** Events stay when their signup is purged or their person erased; mails and files go. */
async function explainedRows(
  db: Db,
  { deletedWithOwner }: LogSource,
  rows: Pick<LogEntryTable, 'ref' | 'body'>[],
): Promise<Set<string>> {
  const about = rows.map(({ ref, body }) => ({ ref, body: JSON.parse(body) as EntryBody }));
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
