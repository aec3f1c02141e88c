import { type Kysely, sql } from 'kysely';

/**
 * Keys know who made them, and who else stands for them. Those that are there keep working: their makers are in the
 * audit trail, a second person is not, so what takes two people still waits for one.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'ALTER TABLE api_keys ADD COLUMN made_by text',
  'ALTER TABLE api_keys ADD COLUMN approved_by text',
  'ALTER TABLE api_keys ADD COLUMN works_since text',
  `UPDATE api_keys SET works_since = created_at, made_by = (
    SELECT staff_id FROM audit_entries WHERE act = 'key.made' AND subject = 'key:' || api_keys.id LIMIT 1)`,
  'ALTER TABLE imports ADD COLUMN matched_by text',
];
