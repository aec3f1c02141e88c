import type { Selectable } from 'kysely';
import type { Db } from '#db/connect.ts';
import type { ImportLineTable, ImportTable } from '#db/schema/imports.ts';

export type Import = Selectable<ImportTable>;

export async function findImport(db: Db, id: string): Promise<Import | undefined> {
  return db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Throws when there is no such import. */
export async function requireImport(db: Db, id: string): Promise<Import> {
  return db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/** Newest first. `before`: only those older than this id. */
export async function listImports(db: Db, limit = 100, before?: string): Promise<Import[]> {
  let query = db.selectFrom('imports').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.execute();
}

/** The lines with a remark, refused ones first. */
export async function linesOfImport(db: Db, id: string, limit = 1000): Promise<ImportLineTable[]> {
  return db
    .selectFrom('import_lines')
    .selectAll()
    .where('import_id', '=', id)
    .orderBy((eb) => eb.case().when('outcome', '=', 'refused').then(0).else(1).end())
    .orderBy('line')
    .limit(limit)
    .execute();
}
