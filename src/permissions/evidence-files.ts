import type { Db, Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import { lockKeys } from '#db/locks.ts';
import type { EvidenceFileTable } from '#db/schema/evidence.ts';
import type { App } from '#src/app/app.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { newId } from '#src/ids/new-id.ts';
import { findPerson, type PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText, encryptText, newPersonKey, unwrapPersonKey } from '#src/people/encryption.ts';
import type { Owner } from '#src/people/find-owner.ts';
import type { Scan } from './scan.ts';

/** A file that no capture names within this time is deleted. */
const unclaimedDays = 30;

/**
 * Stores a scan or recording for every capture that names its SHA-256. If there is none yet, the file is stored with a
 * key of its own until a capture claims it. Uploading the same file again changes nothing.
 */
export async function storeFileForCaptures(tx: Tx, app: App, scan: Scan): Promise<void> {
  const at = app.now();
  await lockKeys(tx, [scan.sha256]);
  const owners = await tx
    .selectFrom('grounds')
    .innerJoin('permissions', 'permissions.id', 'grounds.permission_id')
    .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .select(['people.id', 'people.locale'])
    .distinct()
    .where('grounds.file_sha256', '=', scan.sha256)
    .where('grounds.file_at', 'is', null)
    .orderBy('people.id')
    .execute();
  let stored = false;
  for (const { id, locale } of owners) {
    const person = await findPerson(tx, app.keys, id);
    if (!person) continue;
    await storeFile(tx, at.toISOString(), { person, locale }, scan);
    stored = true;
  }
  if (stored || (await anyCopy(tx, scan.sha256))) return;
  const { key, wrapped } = newPersonKey(app.keys);
  const expires = new Date(at.getTime() + unclaimedDays * 86_400_000).toISOString();
  await tx
    .insertInto('evidence_files')
    .values({
      ...rowOf(scan, at.toISOString()),
      person_id: null,
      key_wrapped: wrapped,
      content_enc: encryptText(key, Buffer.from(scan.bytes).toString('base64')),
      expires_at: expires,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Encrypts the file with the person's key, so that erasing the person also erases signature and voice. */
export async function storeFile(
  tx: Tx,
  at: string,
  { person, locale }: Pick<Owner, 'person' | 'locale'>,
  scan: Scan,
): Promise<void> {
  if (!(await fileOf(tx, person.id, scan.sha256))) await writeFile(tx, at, { person, locale }, scan);
  await tx
    .updateTable('grounds')
    .set({ file_at: at })
    .where('file_sha256', '=', scan.sha256)
    .where('file_at', 'is', null)
    .where('permission_id', 'in', (eb) =>
      eb
        .selectFrom('permissions')
        .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
        .select('permissions.id')
        .where('contact_points.person_id', '=', person.id),
    )
    .execute();
}

/**
 * Gives a person their own copy of a file that was uploaded before the capture, or that another person signed too.
 * Returns whether such a file exists.
 */
export async function attachExistingFile(
  tx: Tx,
  app: App,
  at: string,
  owner: Pick<Owner, 'person' | 'locale'>,
  sha256: string,
): Promise<boolean> {
  // A capture and its file can arrive at the same time: the second finds the first.
  await lockKeys(tx, [sha256]);
  if (!owner.person.isNew && (await fileOf(tx, owner.person.id, sha256))) return true;
  const copy = await anyCopy(tx, sha256);
  const scan = copy && (await scanOf(tx, app, copy));
  if (!scan) return false;
  await writeFile(tx, at, owner, scan);
  await tx.deleteFrom('evidence_files').where('sha256', '=', sha256).where('person_id', 'is', null).execute();
  return true;
}

export async function findFile(
  db: Db,
  person: PersonWithKey,
  sha256: string,
): Promise<Omit<Scan, 'sha256'> | undefined> {
  const row = await fileOf(db, person.id, sha256);
  return row && { type: row.type as Scan['type'], bytes: bytesOf(person.key, row) };
}

/** SHA-256, in hex. */
export async function filesOf(db: Db, personId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('evidence_files')
    .select('sha256')
    .where('person_id', '=', personId)
    .execute();
  return rows.map(({ sha256 }) => sha256);
}

/** Job: deletes files that no capture has claimed in time. Returns how many. */
export async function deleteUnclaimedFiles(app: App): Promise<number> {
  const { numDeletedRows } = await app.db
    .deleteFrom('evidence_files')
    .where('person_id', 'is', null)
    .where('expires_at', '<=', app.now().toISOString())
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function writeFile(
  tx: Tx,
  at: string,
  { person, locale }: Pick<Owner, 'person' | 'locale'>,
  scan: Scan,
): Promise<void> {
  await insertFiles(tx, [
    {
      ...rowOf(scan, at),
      person_id: person.id,
      key_wrapped: null,
      content_enc: encryptText(person.key, Buffer.from(scan.bytes).toString('base64')),
      expires_at: null,
    },
  ]);
  await recordEvidence(tx, person, {
    act: 'capture',
    at,
    locale,
    consents: [],
    action: 'scan',
    typed: { scan_sha256: scan.sha256, scan_type: scan.type, scan_size: String(scan.bytes.length) },
  });
}

const insertFiles = insertRows('evidence_files');

function rowOf({ sha256, type, bytes }: Scan, at: string) {
  return { id: newId(), sha256, type, size: bytes.length, created_at: at };
}

async function fileOf(db: Db, personId: string, sha256: string): Promise<EvidenceFileTable | undefined> {
  return db
    .selectFrom('evidence_files')
    .selectAll()
    .where('sha256', '=', sha256)
    .where('person_id', '=', personId)
    .executeTakeFirst();
}

async function anyCopy(tx: Tx, sha256: string): Promise<EvidenceFileTable | undefined> {
  return tx.selectFrom('evidence_files').selectAll().where('sha256', '=', sha256).limit(1).executeTakeFirst();
}

async function scanOf(tx: Tx, app: App, row: EvidenceFileTable): Promise<Scan | undefined> {
  const key = row.key_wrapped
    ? unwrapPersonKey(app.keys, row.key_wrapped)
    : (await findPerson(tx, app.keys, row.person_id ?? ''))?.key;
  return key && { type: row.type as Scan['type'], bytes: bytesOf(key, row), sha256: row.sha256 };
}

function bytesOf(key: PersonWithKey['key'], { content_enc }: EvidenceFileTable): Buffer {
  return Buffer.from(decryptText(key, content_enc), 'base64');
}
