import { type Kysely, sql } from 'kysely';

const statements = [
  'ALTER TABLE controllers ADD COLUMN revision integer NOT NULL DEFAULT 1',
  `CREATE TABLE privacy_notices (
    id text PRIMARY KEY,
    controller_id text NOT NULL REFERENCES controllers (id),
    version text NOT NULL,
    url text NOT NULL,
    valid_from text NOT NULL,
    note text,
    created_at text NOT NULL,
    UNIQUE (controller_id, version))`,
  `INSERT INTO privacy_notices (id, controller_id, version, url, valid_from, created_at)
   SELECT id, id, privacy_version, privacy_url, created_at, created_at FROM controllers`,
  'ALTER TABLE purposes ADD COLUMN revision integer NOT NULL DEFAULT 1',
  'ALTER TABLE purposes ADD COLUMN proof_years integer NOT NULL DEFAULT 3',
  'ALTER TABLE purposes ADD COLUMN proof_note text',
  `ALTER TABLE purpose_translations ADD COLUMN terms text NOT NULL DEFAULT '[]'`,
  `ALTER TABLE purpose_translations ADD COLUMN data_categories text NOT NULL DEFAULT '[]'`,
  'ALTER TABLE purpose_channels ADD COLUMN frequency_times integer',
  'ALTER TABLE purpose_channels ADD COLUMN frequency_per text',
  'ALTER TABLE purpose_channels ADD COLUMN flag_months integer',
  'ALTER TABLE purpose_channels ADD COLUMN deny_months integer',
  'ALTER TABLE purpose_channels ADD COLUMN non_use_note text',
  'CREATE INDEX audit_entries_subject ON audit_entries (subject, id)',
];

/** What a purpose promises, beyond its words, and the versions of each company's privacy notice. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
