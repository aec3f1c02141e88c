import { type Kysely, sql } from 'kysely';

/**
 * The log can be shown what a mail or letter said: it commits to the copy itself, with a salt, and not only to the encrypted
 * one. Copies that are there already keep the latter.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const table of ['mails', 'letters']) {
    await sql.raw(`ALTER TABLE ${table} ADD COLUMN commitment text`).execute(db);
  }
}
