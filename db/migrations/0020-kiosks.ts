import { type Kysely, sql } from 'kysely';

const statements = [
  `CREATE TABLE form_kiosks (
    id text PRIMARY KEY,
    form_id text NOT NULL REFERENCES forms (id),
    source text NOT NULL,
    from_day text NOT NULL,
    to_day text NOT NULL,
    created_at text NOT NULL,
    ended_at text)`,
  `CREATE INDEX form_kiosks_form ON form_kiosks (form_id)`,
];

/** Devices at stands that may send more signups from one network than others. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
