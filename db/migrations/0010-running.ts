import { type Kysely, sql } from 'kysely';

const statements = [
  `CREATE TABLE form_switches (
    form_id text PRIMARY KEY REFERENCES forms (id),
    closed_words text,
    proof_of_work integer NOT NULL DEFAULT 0,
    limits text NOT NULL DEFAULT '{}',
    test_since text)`,
  `CREATE TABLE form_test_addresses (
    form_id text NOT NULL REFERENCES forms (id),
    lookup_hash text NOT NULL,
    address_enc text NOT NULL,
    created_at text NOT NULL,
    PRIMARY KEY (form_id, lookup_hash))`,
  `CREATE TABLE form_alarms (
    form_id text NOT NULL REFERENCES forms (id),
    hour text NOT NULL,
    signups integer NOT NULL,
    hourly_mean integer NOT NULL,
    raised_at text NOT NULL,
    seen_at text,
    PRIMARY KEY (form_id, hour))`,
  `CREATE INDEX form_alarms_open ON form_alarms (form_id) WHERE seen_at IS NULL`,
  `CREATE TABLE form_submissions (
    key_hash text PRIMARY KEY,
    signup_id text NOT NULL,
    expires_at text NOT NULL)`,
  `CREATE INDEX form_submissions_due ON form_submissions (expires_at)`,
  `CREATE TABLE form_short_links (
    code text PRIMARY KEY,
    form_id text NOT NULL REFERENCES forms (id),
    source text NOT NULL,
    created_at text NOT NULL)`,
  `CREATE INDEX form_short_links_form ON form_short_links (form_id)`,
  'ALTER TABLE signups ADD COLUMN test integer NOT NULL DEFAULT 0',
];

/** How a published form is run: closed, limited, proved by work, tested, shown at a fair. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
