import { type Kysely, sql } from 'kysely';
import { connect, type Db } from '#db/connect.ts';
import { type DatabaseName, freshDatabaseUrl } from '#tests/support/databases.ts';

/** A small table of the tests' own, so that they speak of the driver and not of consents. */
export interface Notes {
  notes: { id: string; body: string; number: number | null };
}

export type NotesDb = Kysely<Notes>;

export async function freshNotes(
  name: DatabaseName,
): Promise<{ db: NotesDb; url: string; drop(): Promise<void> }> {
  const { url, drop } = await freshDatabaseUrl(name);
  const db = asNotes(await connect(url));
  await createNotes(db);
  return { db, url, drop: () => db.destroy().then(drop) };
}

export function asNotes(db: Db): NotesDb {
  return db as unknown as NotesDb;
}

export async function createNotes(db: NotesDb): Promise<void> {
  await sql`create table notes (id text primary key, body text not null, number integer)`.execute(db);
}

export function note(id: string, body = 'text') {
  return { id, body, number: null };
}

export async function noteIds(db: NotesDb): Promise<string[]> {
  const rows = await db.selectFrom('notes').select('id').orderBy('id').execute();
  return rows.map((row) => row.id);
}
