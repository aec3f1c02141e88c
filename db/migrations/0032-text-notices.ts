import { type Kysely, sql } from 'kysely';

/** Who is told that the words of their consent were declared invalid, person by person. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql
    .raw(
      `CREATE TABLE text_notices (
        version_id text PRIMARY KEY REFERENCES consent_text_versions (id),
        asked_at text NOT NULL,
        asked_by text NOT NULL,
        after_person text NOT NULL,
        mails integer NOT NULL,
        letters integer NOT NULL,
        finished_at text)`,
    )
    .execute(db);
}
