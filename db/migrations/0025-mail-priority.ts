import { type Kysely, sql } from 'kysely';

/** The mails that somebody waits for go first, however many notices are queued (see `priority` in src/mail/claim.ts). */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`DROP INDEX mails_due`.execute(db);
  await sql`CREATE INDEX mails_due ON mails ((CASE WHEN kind = 'permissions-changed' THEN 1 ELSE 0 END), due_at)
    WHERE state IN ('queued', 'sending')`.execute(db);
}
