import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

const tables = [
  `CREATE TABLE api_keys (
    id text PRIMARY KEY,
    name text NOT NULL,
    key_hash text NOT NULL UNIQUE,
    last_four text NOT NULL,
    scopes text NOT NULL,
    created_at text NOT NULL,
    revoked_at text)`,
  `CREATE TABLE idempotency_keys (
    key_hash text PRIMARY KEY,
    request_hash text NOT NULL,
    status integer NOT NULL,
    body_enc text NOT NULL,
    expires_at text NOT NULL)`,
  `CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at)`,
  `CREATE TABLE grounds (
    event_id text PRIMARY KEY,
    permission_id text NOT NULL,
    basis text NOT NULL,
    method text,
    occurred_at text NOT NULL,
    record text NOT NULL,
    missing_evidence text NOT NULL,
    missing_7a text NOT NULL)`,
  `CREATE INDEX grounds_permission ON grounds (permission_id)`,
  `CREATE TABLE uses (
    event_id text PRIMARY KEY,
    permission_id text NOT NULL,
    used_at text NOT NULL,
    campaign text)`,
  `CREATE INDEX uses_permission ON uses (permission_id, used_at)`,
  `CREATE TABLE ledger_queue (event_id text PRIMARY KEY)`,
  `CREATE TABLE ledger_positions (
    position integer PRIMARY KEY,
    event_id text NOT NULL UNIQUE)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of tables) await sql.raw(statement).execute(db);
  for (const statement of databaseKind(db) === 'sqlite' ? sqliteQueue : postgresQueue) {
    await sql.raw(statement).execute(db);
  }
  // What was written before this migration gets its place as well.
  await sql.raw('INSERT INTO ledger_queue (event_id) SELECT id FROM events').execute(db);
}

const sqliteQueue = [
  `CREATE TRIGGER events_queue AFTER INSERT ON events
   BEGIN INSERT INTO ledger_queue (event_id) VALUES (NEW.id); END`,
];

const postgresQueue = [
  `CREATE FUNCTION jawort_queue_event() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN INSERT INTO ledger_queue (event_id) SELECT id FROM added; RETURN NULL; END $$`,
  `CREATE TRIGGER events_queue AFTER INSERT ON events REFERENCING NEW TABLE AS added
   FOR EACH STATEMENT EXECUTE FUNCTION jawort_queue_event()`,
];
