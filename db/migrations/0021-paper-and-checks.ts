import { type Kysely, sql } from 'kysely';

/** Mails whose news went out on paper, registers of refusals that were asked, and data that are only kept. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = ['ALTER TABLE mails ADD COLUMN paper_at text'];
