import { type Kysely, sql } from 'kysely';

/** The mail queue waits: the mail server or provider refuses us, whoever the mails are for. One row, or none. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql
    .raw(
      `CREATE TABLE mail_pause (
        id integer PRIMARY KEY CHECK (id = 1),
        paused_at text NOT NULL,
        until text NOT NULL,
        times integer NOT NULL,
        reason text NOT NULL)`,
    )
    .execute(db);
}
