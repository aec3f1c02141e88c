import { type Kysely, sql } from 'kysely';

const statements = [
  'ALTER TABLE controllers ADD COLUMN refuses_claimed integer NOT NULL DEFAULT 0',
  'ALTER TABLE grounds ADD COLUMN audience text',
  'ALTER TABLE grounds ADD COLUMN file_sha256 text',
  'ALTER TABLE grounds ADD COLUMN file_at text',
  'ALTER TABLE grounds ADD COLUMN weighed integer NOT NULL DEFAULT 0',
  'CREATE INDEX grounds_unweighed ON grounds (event_id) WHERE weighed = 0',
  'CREATE INDEX grounds_file ON grounds (file_sha256) WHERE file_sha256 IS NOT NULL',
  `CREATE TABLE evidence_files (
    id text PRIMARY KEY,
    person_id text REFERENCES people (id) ON DELETE CASCADE,
    sha256 text NOT NULL,
    type text NOT NULL,
    size integer NOT NULL,
    key_wrapped text,
    content_enc text NOT NULL,
    created_at text NOT NULL,
    expires_at text)`,
  'CREATE UNIQUE INDEX evidence_files_person ON evidence_files (sha256, person_id) WHERE person_id IS NOT NULL',
  'CREATE UNIQUE INDEX evidence_files_nobody ON evidence_files (sha256) WHERE person_id IS NULL',
  // A confirmation that came with a file is what another system claims. The ledger's fold says so from now on.
  `UPDATE permissions SET evidence_grade = 'claimed' WHERE evidence_grade = 'A' AND id IN (
    SELECT given.permission_id FROM events AS given
    WHERE given.kind = 'imported' AND given.evidence_grade = 'A' AND NOT EXISTS (
      SELECT 1 FROM events AS later
      WHERE later.permission_id = given.permission_id AND later.number > given.number
        AND later.kind IN ('confirmed', 'granted', 'renewed', 'imported') AND later.evidence_grade = 'A'))`,
  'ALTER TABLE contact_points ADD COLUMN claimed_at text',
  `UPDATE contact_points SET claimed_at = (
    SELECT max(permissions.granted_at) FROM permissions
    WHERE permissions.contact_point_id = contact_points.id AND permissions.evidence_grade = 'claimed')
   WHERE id IN (SELECT contact_point_id FROM permissions WHERE evidence_grade = 'claimed')`,
];

/** What shows a consent has to be true, and to be here. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
