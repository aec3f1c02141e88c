import { type Kysely, sql } from 'kysely';

/** Mails that reached nobody, and whose news may have to go out on paper. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = ['ALTER TABLE mails ADD COLUMN paper_at text'];
