import { type Kysely, sql } from 'kysely';

/** The keys of the log are asked for each minute, and the log can have millions of entries. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`CREATE INDEX log_entries_keys ON log_entries (idx) WHERE kind IN ('key_added', 'key_retired')`.execute(
    db,
  );
}
