import { type Kysely, sql } from 'kysely';

/** Mails that were given up are counted often and are few among all that were ever sent. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw(`CREATE INDEX mails_failed ON mails (created_at) WHERE state = 'failed'`).execute(db);
}
