import { type Kysely, sql } from 'kysely';

const tables = [
  `CREATE TABLE letters (
    id text PRIMARY KEY,
    person_id text NOT NULL REFERENCES people (id),
    controller_id text NOT NULL REFERENCES controllers (id),
    locale text NOT NULL,
    changes_enc text NOT NULL,
    content_enc text,
    state text NOT NULL,
    run_id text,
    printed_at text,
    printed_by text,
    sent_at text,
    sent_by text,
    cancelled_at text,
    cancelled_because text,
    created_at text NOT NULL)`,
  `CREATE INDEX letters_person ON letters (person_id)`,
  `CREATE INDEX letters_open ON letters (state, id) WHERE state IN ('waiting', 'unaddressed', 'printed')`,
  `CREATE INDEX letters_run ON letters (run_id) WHERE run_id IS NOT NULL`,
  'ALTER TABLE grounds ADD COLUMN corrected_at text',
  `CREATE INDEX permissions_end ON permissions (valid_until) WHERE valid_until IS NOT NULL AND settled_state = 'granted'`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of tables) await sql.raw(statement).execute(db);
}
