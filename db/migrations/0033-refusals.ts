import { type Kysely, sql } from 'kysely';

/** A no that meets other spellings of its address (law.md 6.6), and what finds contact points by one. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `CREATE TABLE refusals (
    id text PRIMARY KEY,
    channel text NOT NULL,
    place_hash text NOT NULL,
    kept text NOT NULL,
    near text NOT NULL,
    purpose_id text REFERENCES purposes (id),
    spared text NOT NULL,
    created_at text NOT NULL)`,
  `CREATE INDEX refusals_place ON refusals (place_hash)`,
  `ALTER TABLE suppressions ADD COLUMN refusal_id text`,
  // What is there has the question mark until a job has worked it out: that takes the keys.
  `ALTER TABLE contact_points ADD COLUMN wide_hash text DEFAULT '?'`,
  `CREATE INDEX contact_points_wide ON contact_points (wide_hash) WHERE wide_hash IS NOT NULL`,
];
