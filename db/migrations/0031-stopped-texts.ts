import { type Kysely, sql } from 'kysely';

/** A text can be stopped at once: nobody is asked with it while one person says so. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'ALTER TABLE consent_text_versions ADD COLUMN stopped_at text',
  'ALTER TABLE consent_text_versions ADD COLUMN stopped_by text',
  'ALTER TABLE consent_text_versions ADD COLUMN stop_reason text',
  // An item that was not confirmed with its signup, because its text was no longer asked then.
  'ALTER TABLE signup_items ADD COLUMN dropped_at text',
  `CREATE TABLE paused_boxes (
    form_id text NOT NULL REFERENCES forms (id),
    value text NOT NULL,
    position integer NOT NULL,
    paused_at text NOT NULL,
    fields text NOT NULL,
    closed_form integer NOT NULL,
    PRIMARY KEY (form_id, value))`,
];
