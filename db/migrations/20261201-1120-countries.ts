import { type Kysely, sql } from 'kysely';

/**
 * The country of a number, a letter box, and of a mailbox's owner: it decides by which law a question about the address is
 * answered. What is there already is encrypted, so a job fills it in (`src/jobs/fill-countries.ts`).
 */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    `ALTER TABLE contact_points ADD COLUMN country text DEFAULT '?'`,
    `CREATE INDEX contact_points_without_country ON contact_points (id) WHERE country = '?'`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
