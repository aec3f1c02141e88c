import type { KeyObject } from 'node:crypto';
import type { Db, Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { decryptJson, decryptText, encryptJson, unwrapPersonKey } from '#src/people/encryption.ts';
import type { ImportRow } from './import-row.ts';
import type { Import } from './imports.ts';
import { rowsAtOnce } from './try-rows.ts';

/** The original file, while its columns are being matched. */
export async function unmatchedFile(
  db: Db,
  app: App,
  { id, key_wrapped }: Import,
): Promise<Uint8Array | undefined> {
  const part = await db
    .selectFrom('import_parts')
    .select('rows_enc')
    .where('import_id', '=', id)
    .where('number', '=', 0)
    .executeTakeFirst();
  if (!part || !key_wrapped) return undefined;
  return Buffer.from(decryptText(unwrapPersonKey(app.keys, key_wrapped), part.rows_enc), 'base64');
}

/** Stores the rows in encrypted batches. */
export async function addParts(
  tx: Tx,
  id: string,
  key: KeyObject,
  { rows, ignored }: { rows: ImportRow[]; ignored: string[] },
): Promise<void> {
  await tx
    .updateTable('imports')
    .set({ rows: rows.length, ignored: JSON.stringify(ignored) })
    .where('id', '=', id)
    .execute();
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const part = rows.slice(start, start + rowsAtOnce);
    const number = start / rowsAtOnce;
    await tx
      .insertInto('import_parts')
      .values({ import_id: id, number, rows: part.length, rows_enc: encryptJson(key, part) })
      .execute();
  }
}

/** The rows of one batch, counted from 0. `undefined` when there is none, or the file was deleted. */
export async function rowsOfPart(
  app: App,
  { id, key_wrapped }: Import,
  number: number,
): Promise<ImportRow[] | undefined> {
  const part = await app.db
    .selectFrom('import_parts')
    .select('rows_enc')
    .where('import_id', '=', id)
    .where('number', '=', number)
    .executeTakeFirst();
  if (!part || !key_wrapped) return undefined;
  return decryptJson<ImportRow[]>(unwrapPersonKey(app.keys, key_wrapped), part.rows_enc);
}
