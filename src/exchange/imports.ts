import type { Selectable } from 'kysely';
import type { Db } from '#db/connect.ts';
import type { ImportLineTable, ImportTable } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { newId } from '#src/ids.ts';
import { encryptJson, newPersonKey } from '#src/people/encryption.ts';
import type { Mapping, PlanFault } from './import-columns.ts';
import { type ImportRow, mostImported, openRows } from './import-rows.ts';
import { rowsAtOnce } from './try-rows.ts';

export type Import = Selectable<ImportTable>;

export interface ImportFile {
  id?: string;
  name: string;
  file: Uint8Array;
  mapping?: Mapping;
}

/** Who hands a file in: a member of staff, a key, or whoever has the command line. */
export interface Filer {
  origin: Import['origin'];
  id: string;
  name: string;
  /** Whether nobody else has to let the file in: a key with the scope `admin`, the command line. */
  releases: boolean;
}

export type FileImportResult =
  | { outcome: 'unreadable'; fault: PlanFault }
  | { outcome: 'filed'; import: Import };

/** Takes a file in, encrypted, to be checked. Nothing of it is a permission yet. */
export async function fileImport(
  app: App,
  { id = newId(), name, file, mapping }: ImportFile,
  by: Filer,
): Promise<FileImportResult> {
  const opened = openRows(file, mapping);
  if (!opened.ok) return { outcome: 'unreadable', fault: opened.fault };
  const rows: ImportRow[] = [];
  for await (const some of opened.rows) {
    rows.push(...some);
    if (rows.length > mostImported) return { outcome: 'unreadable', fault: tooMany };
  }
  if (rows.length === 0) return { outcome: 'unreadable', fault: empty };
  const at = app.now().toISOString();
  const { key, wrapped } = newPersonKey(app.keys);
  const parts = partsOf(rows).map((part, number) => ({
    import_id: id,
    number,
    rows: part.length,
    rows_enc: encryptJson(key, part),
  }));
  await app.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('imports')
      .values({
        id,
        name: name.slice(0, 200),
        origin: by.origin,
        filed_by: by.id,
        filed_by_name: by.name,
        filed_at: at,
        state: 'checking',
        rows: rows.length,
        ignored: JSON.stringify(opened.ignored),
        key_wrapped: wrapped,
        ...(by.releases && { released_by: by.id, released_by_name: by.name, released_at: at }),
      })
      .execute();
    for (const part of parts) await tx.insertInto('import_parts').values(part).execute();
  });
  return { outcome: 'filed', import: await requireImport(app.db, id) };
}

export async function findImport(db: Db, id: string): Promise<Import | undefined> {
  return db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Throws when there is no such import. */
export async function requireImport(db: Db, id: string): Promise<Import> {
  return db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/** Newest first. */
export async function listImports(db: Db, limit = 100): Promise<Import[]> {
  return db.selectFrom('imports').selectAll().orderBy('id', 'desc').limit(limit).execute();
}

/** The lines about which there is something to say: those that cannot come in first. */
export async function linesOfImport(db: Db, id: string, limit = 1000): Promise<ImportLineTable[]> {
  return db
    .selectFrom('import_lines')
    .selectAll()
    .where('import_id', '=', id)
    .orderBy('outcome')
    .orderBy('line')
    .limit(limit)
    .execute();
}

const tooMany: PlanFault = {
  code: 'too_many_rows',
  message: `A file has ${mostImported} lines at most. Split it.`,
};
const empty: PlanFault = { code: 'no_rows', message: 'The file has no line below the names of its columns.' };

function partsOf(rows: ImportRow[]): ImportRow[][] {
  const parts: ImportRow[][] = [];
  for (let start = 0; start < rows.length; start += rowsAtOnce)
    parts.push(rows.slice(start, start + rowsAtOnce));
  return parts;
}
