import { createHash, type KeyObject } from 'node:crypto';
import type { Tx } from '#db/connect.ts';
import { passGate } from '#db/locks.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { encryptText, newPersonKey, unwrapPersonKey } from '#src/people/encryption.ts';
import { mac } from '#src/secrets/keys.ts';
import type { PlanFault } from './import-columns.ts';
import { addParts, unmatchedFile } from './import-parts.ts';
import { readRows } from './import-rows.ts';
import { type Import, requireImport } from './imports.ts';
import type { Mapping } from './mapping.ts';

export interface ImportFile {
  id?: string;
  name: string;
  file: Uint8Array;
  mapping?: Mapping;
}

/** Who files an import: a member of staff, an API key, or the command line. */
export interface Filer {
  origin: Import['origin'];
  id: string;
  name: string;
  /** True when no second person has to release it: a key with the scope `admin`, the command line. */
  releases: boolean;
  /** Only a check: the file is deleted afterwards. */
  checks?: boolean;
}

/** `filed_before`: the same file of the same filer, which is still in progress or (command line) landed completely. */
export type FileImportResult =
  | { outcome: 'unreadable'; fault: PlanFault }
  | { outcome: 'filed' | 'filed_before'; import: Import };

/**
 * Stores a file, encrypted, to be checked. It is no permission yet. When the same file is sent again, because the process
 * or the connection was interrupted, the existing import continues, so each line lands once.
 */
export async function fileImport(app: App, given: ImportFile, by: Filer): Promise<FileImportResult> {
  const read = await readRows(given.file, given.mapping);
  if (!read.ok) return { outcome: 'unreadable', fault: read.fault };
  const { id = newId() } = given;
  const fileMac = fileMacOf(app, given, by);
  const before = await app.db.transaction().execute(async (tx) => {
    const same = fileMac === null ? undefined : await findSameFile(tx, fileMac, by);
    if (same) return same;
    const key = await addImport(tx, app, { ...given, id, fileMac }, by, 'checking');
    await addParts(tx, id, key, read);
    return undefined;
  });
  if (before) return { outcome: 'filed_before', import: before };
  return { outcome: 'filed', import: await requireImport(app.db, id) };
}

const filingGate = 4_711_003;

/**
 * Identifies a file by its bytes, its mapping, its filer and whether that releases it. Keyed, because a short file could
 * be guessed from a plain hash. Null for a dry run, and at the desk, where the form has an id.
 */
function fileMacOf(app: App, { file, mapping }: ImportFile, by: Filer): string | null {
  if (by.origin === 'staff' || by.checks) return null;
  const sha256 = createHash('sha256').update(file).digest('hex');
  const parts = [by.origin, by.id, String(by.releases), sha256, JSON.stringify(mapping ?? null)];
  return mac(app.keys.lookup, 'import', ...parts).toString('base64url');
}

/** A landed file with unusable lines may be filed again: what was missing may exist now. */
async function findSameFile(tx: Tx, fileMac: string, by: Filer): Promise<Import | undefined> {
  await passGate(tx, filingGate);
  const same = await tx
    .selectFrom('imports')
    .selectAll()
    .where('file_mac', '=', fileMac)
    .where('state', 'in', ['checking', 'waiting', 'landing', 'landed'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (same?.state !== 'landed') return same;
  return by.origin === 'command_line' && same.unusable === 0 && same.refused === 0 ? same : undefined;
}

/** Stores a file whose columns are not matched yet. */
export async function fileUnmatched(app: App, given: ImportFile & { id: string }, by: Filer): Promise<void> {
  await app.db.transaction().execute(async (tx) => {
    const key = await addImport(tx, app, given, by, 'mapping');
    const whole = encryptText(key, Buffer.from(given.file).toString('base64'));
    await tx
      .insertInto('import_parts')
      .values({ import_id: given.id, number: 0, rows: 0, rows_enc: whole })
      .execute();
  });
}

/** Reads the file with this mapping. Returns the fault, or `undefined` when the file is now being checked. */
export async function matchColumns(app: App, here: Import, mapping: Mapping): Promise<PlanFault | undefined> {
  const file = await unmatchedFile(app.db, app, here);
  if (!file || !here.key_wrapped) return undefined;
  const read = await readRows(file, mapping);
  if (!read.ok) return read.fault;
  const key = unwrapPersonKey(app.keys, here.key_wrapped);
  await app.db.transaction().execute(async (tx) => {
    const [matched] = await tx
      .updateTable('imports')
      .set({ state: 'checking' })
      .where('id', '=', here.id)
      .where('state', '=', 'mapping')
      .returning('id')
      .execute();
    if (!matched) return;
    await tx.deleteFrom('import_parts').where('import_id', '=', here.id).execute();
    await addParts(tx, here.id, key, read);
  });
  return undefined;
}

/** Returns the key that encrypts its lines. */
async function addImport(
  tx: Tx,
  app: App,
  { id, name, fileMac = null }: { id: string; name: string; fileMac?: string | null },
  by: Filer,
  state: Import['state'],
): Promise<KeyObject> {
  const at = app.now().toISOString();
  const { key, wrapped } = newPersonKey(app.keys);
  const row = {
    id,
    name: name.slice(0, 200),
    origin: by.origin,
    filed_by: by.id,
    filed_by_name: by.name,
    filed_at: at,
    state,
    rows: 0,
    ignored: '[]',
    key_wrapped: wrapped,
    file_mac: fileMac,
  };
  const released = by.releases && { released_by: by.id, released_by_name: by.name, released_at: at };
  await tx
    .insertInto('imports')
    .values({ ...row, ...released })
    .execute();
  return key;
}
