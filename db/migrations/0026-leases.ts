import { type Kysely, sql } from 'kysely';

const statements = [
  'ALTER TABLE jobs ADD COLUMN claimed_by text',
  'ALTER TABLE imports ADD COLUMN claimed_by text',
  'ALTER TABLE imports ADD COLUMN file_mac text',
];

/** Who holds a job or an import, so that a process that lost it can't write on; and by which file an import is known. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
