import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

const tables = [
  `CREATE TABLE staff (
    id text PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    role text NOT NULL,
    person_id text NOT NULL REFERENCES people (id),
    contact_point_id text NOT NULL REFERENCES contact_points (id),
    password_hash text,
    totp_secret_enc text,
    totp_confirmed_at text,
    totp_last_step integer NOT NULL DEFAULT 0,
    recovery_set text,
    recovery_set_at text,
    locale text,
    created_at text NOT NULL,
    disabled_at text)`,
  `CREATE TABLE staff_sessions (
    id text PRIMARY KEY,
    session_hash text NOT NULL UNIQUE,
    staff_id text NOT NULL REFERENCES staff (id),
    expires_at text NOT NULL,
    created_at text NOT NULL,
    password_at text NOT NULL,
    waits_for_code integer NOT NULL,
    browser text)`,
  'CREATE INDEX staff_sessions_staff ON staff_sessions (staff_id)',
  `CREATE TABLE staff_recovery_codes (
    staff_id text NOT NULL REFERENCES staff (id),
    set_id text NOT NULL,
    number integer NOT NULL,
    code_hash text NOT NULL,
    used_at text,
    PRIMARY KEY (set_id, number))`,
  `CREATE TABLE staff_tokens (
    id text PRIMARY KEY,
    staff_id text NOT NULL REFERENCES staff (id),
    kind text NOT NULL,
    token_hash text NOT NULL UNIQUE,
    created_at text NOT NULL,
    expires_at text NOT NULL,
    used_at text)`,
  `CREATE TABLE audit_entries (
    id text PRIMARY KEY,
    at text NOT NULL,
    staff_id text,
    staff_name text NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    details text NOT NULL)`,
  'CREATE INDEX audit_entries_staff ON audit_entries (staff_id, id)',
  'CREATE INDEX audit_entries_act ON audit_entries (act, id)',
  'CREATE INDEX staff_tokens_staff ON staff_tokens (staff_id)',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of tables) await sql.raw(statement).execute(db);
  const triggers =
    databaseKind(db) === 'sqlite'
      ? ['UPDATE', 'DELETE'].map(
          (act) =>
            `CREATE TRIGGER audit_entries_refuse_${act.toLowerCase()} BEFORE ${act} ON audit_entries
             BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END`,
        )
      : [
          `CREATE TRIGGER audit_entries_refuse_change BEFORE UPDATE OR DELETE ON audit_entries
           FOR EACH ROW EXECUTE FUNCTION jawort_refuse('audit entries are never changed or deleted')`,
          `CREATE TRIGGER audit_entries_refuse_truncate BEFORE TRUNCATE ON audit_entries
           FOR EACH STATEMENT EXECUTE FUNCTION jawort_refuse('audit entries are never emptied')`,
        ];
  for (const statement of triggers) await sql.raw(statement).execute(db);
}
