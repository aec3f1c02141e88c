import { type Kysely, sql } from 'kysely';

/** Links that were replaced more than once since: the signup itself keeps only the last of them. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw('ALTER TABLE purged_links ADD COLUMN signup_id text').execute(db);
}
