import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

const statements = [
  'ALTER TABLE api_keys ADD COLUMN last_used_at text',
  `ALTER TABLE webhook_deliveries ADD COLUMN type text NOT NULL DEFAULT ''`,
  'ALTER TABLE webhook_deliveries ADD COLUMN attempted_at text',
  `CREATE TABLE webhook_news (
    id text PRIMARY KEY,
    kind text NOT NULL,
    at text NOT NULL)`,
  `CREATE TABLE imports (
    id text PRIMARY KEY,
    name text NOT NULL,
    origin text NOT NULL,
    filed_by text NOT NULL,
    filed_by_name text NOT NULL,
    filed_at text NOT NULL,
    state text NOT NULL,
    rows integer NOT NULL,
    ignored text NOT NULL,
    checked_rows integer NOT NULL DEFAULT 0,
    landed_rows integer NOT NULL DEFAULT 0,
    usable integer NOT NULL DEFAULT 0,
    unusable integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    key_wrapped text,
    released_by text,
    released_by_name text,
    released_at text,
    ended_at text,
    claimed_until text)`,
  `CREATE INDEX imports_open ON imports (state) WHERE state IN ('checking', 'landing')`,
  `CREATE TABLE import_parts (
    import_id text NOT NULL REFERENCES imports (id),
    number integer NOT NULL,
    rows integer NOT NULL,
    rows_enc text NOT NULL,
    PRIMARY KEY (import_id, number))`,
  `CREATE TABLE import_lines (
    import_id text NOT NULL REFERENCES imports (id),
    line integer NOT NULL,
    outcome text NOT NULL,
    why text NOT NULL,
    PRIMARY KEY (import_id, line))`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
  for (const statement of databaseKind(db) === 'sqlite' ? sqliteNews : postgresNews) {
    await sql.raw(statement).execute(db);
  }
}

// By triggers, as the change feed is filled: whoever blocks an address or puts words to use need not know of webhooks.
const sqliteNews = [
  `CREATE TRIGGER suppressions_news AFTER INSERT ON suppressions WHEN NEW.reason <> 'not_me'
   BEGIN INSERT INTO webhook_news (id, kind, at) VALUES (NEW.id, 'suppression', NEW.created_at); END`,
  `CREATE TRIGGER consent_text_steps_news AFTER INSERT ON consent_text_steps WHEN NEW.kind = 'went_live'
   BEGIN INSERT INTO webhook_news (id, kind, at) VALUES (NEW.id, 'text', NEW.at); END`,
];

const postgresNews = [
  `CREATE FUNCTION jawort_suppression_news() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN INSERT INTO webhook_news (id, kind, at) VALUES (NEW.id, 'suppression', NEW.created_at); RETURN NULL; END $$`,
  `CREATE TRIGGER suppressions_news AFTER INSERT ON suppressions
   FOR EACH ROW WHEN (NEW.reason <> 'not_me') EXECUTE FUNCTION jawort_suppression_news()`,
  `CREATE FUNCTION jawort_text_news() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN INSERT INTO webhook_news (id, kind, at) VALUES (NEW.id, 'text', NEW.at); RETURN NULL; END $$`,
  `CREATE TRIGGER consent_text_steps_news AFTER INSERT ON consent_text_steps
   FOR EACH ROW WHEN (NEW.kind = 'went_live') EXECUTE FUNCTION jawort_text_news()`,
];
