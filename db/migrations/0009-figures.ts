import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

/** Read by their whole key, from its beginning: on SQLite the key is where the rows lie. */
const counted = [
  `CREATE TABLE form_days (
    day text NOT NULL,
    form_id text NOT NULL,
    source text NOT NULL,
    channels text NOT NULL,
    shown integer NOT NULL DEFAULT 0,
    submitted integer NOT NULL DEFAULT 0,
    mailed integer NOT NULL DEFAULT 0,
    opened integer NOT NULL DEFAULT 0,
    confirmed integer NOT NULL DEFAULT 0,
    rejected integer NOT NULL DEFAULT 0,
    expired integer NOT NULL DEFAULT 0,
    cancelled integer NOT NULL DEFAULT 0,
    undelivered integer NOT NULL DEFAULT 0,
    PRIMARY KEY (day, form_id, source, channels))`,
  `CREATE TABLE confirm_delays (
    day text NOT NULL,
    form_id text NOT NULL,
    source text NOT NULL,
    minutes integer NOT NULL,
    confirmed integer NOT NULL,
    PRIMARY KEY (day, form_id, source, minutes))`,
  `CREATE TABLE permission_days (
    day text NOT NULL,
    form_id text NOT NULL,
    source text NOT NULL,
    purpose_id text NOT NULL,
    channel text NOT NULL,
    granted integer NOT NULL DEFAULT 0,
    withdrawn integer NOT NULL DEFAULT 0,
    expired integer NOT NULL DEFAULT 0,
    PRIMARY KEY (day, form_id, source, purpose_id, channel))`,
  `CREATE TABLE form_pages (
    form_id text NOT NULL,
    page text NOT NULL,
    shown integer NOT NULL DEFAULT 0,
    submitted integer NOT NULL DEFAULT 0,
    first_seen_at text NOT NULL,
    last_seen_at text NOT NULL,
    PRIMARY KEY (form_id, page))`,
  `CREATE TABLE form_sources (
    form_id text NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (form_id, source))`,
  `CREATE TABLE figure_marks (
    signup_id text NOT NULL,
    step text NOT NULL,
    PRIMARY KEY (signup_id, step))`,
];

const others = [
  'CREATE TABLE figure_progress (id integer PRIMARY KEY, position integer NOT NULL)',
  'INSERT INTO figure_progress (id, position) VALUES (1, 0)',
  // What ages, with the rows in the order in which they do.
  `CREATE INDEX permissions_age ON permissions
   (purpose_id, channel, settled_state, coalesce(last_used_at, granted_at)) WHERE granted_at IS NOT NULL`,
  `CREATE INDEX permissions_weak ON permissions (purpose_id, channel, evidence_grade)
   WHERE settled_state = 'granted' AND evidence_grade <> 'A'`,
];

export async function up(db: Kysely<never>): Promise<void> {
  const sqlite = databaseKind(db) === 'sqlite';
  for (const table of counted) await sql.raw(sqlite ? `${table} WITHOUT ROWID` : table).execute(db);
  for (const statement of others) await sql.raw(statement).execute(db);
  for (const statement of sqlite ? sqliteTriggers() : postgresTriggers())
    await sql.raw(statement).execute(db);
}

// The steps that the ledger does not tell wait here for the next round of counting. None of them is on the way
// of somebody who signs up: the mail worker, a provider and a withdrawal write them.
const mark = 'INSERT INTO figure_marks (signup_id, step)';
const once = 'ON CONFLICT (signup_id, step) DO NOTHING';

/** Of the mails to one request the first counts. */
const first = (state: string) => `NOT EXISTS (SELECT 1 FROM mails AS other
  WHERE other.person_id = NEW.person_id AND other.signup_id = NEW.signup_id AND other.id <> NEW.id
    AND other.state = '${state}')`;
const answered = `NEW.kind = 'confirm-signup' AND NEW.signup_id IS NOT NULL
  AND NEW.state IN ('sent', 'failed') AND OLD.state <> NEW.state`;
const step = `CASE NEW.state WHEN 'sent' THEN 'mailed' ELSE 'undelivered' END`;
const markMail = `${mark} SELECT NEW.signup_id, ${step}
  WHERE (NEW.state = 'sent' AND ${first('sent')}) OR (NEW.state = 'failed' AND ${first('failed')}) ${once}`;

/** A mail that came back says something about the newest request of the address, while nobody has answered it. */
const markBounce = `${mark} SELECT signups.id, 'undelivered' FROM contact_points AS point
  INNER JOIN signups ON signups.contact_point_id = point.id
  WHERE point.lookup_hash = NEW.lookup_hash AND signups.state IN ('open', 'expired') AND signups.mails_sent > 0
    AND NOT EXISTS (SELECT 1 FROM mails WHERE mails.person_id = signups.person_id
      AND mails.signup_id = signups.id AND mails.state = 'failed')
  ORDER BY signups.requested_at DESC LIMIT 1 ${once}`;

const cancelled = `NEW.state = 'cancelled' AND OLD.state <> 'cancelled'`;
const markCancelled = `${mark} VALUES (NEW.id, 'cancelled') ${once}`;

const triggers: [name: string, on: string, when: string, act: string][] = [
  ['mails_count', 'UPDATE OF state ON mails', answered, markMail],
  ['suppressions_count', 'INSERT ON suppressions', `NEW.reason = 'bounce'`, markBounce],
  ['signups_count', 'UPDATE OF state ON signups', cancelled, markCancelled],
];

function sqliteTriggers(): string[] {
  return triggers.map(
    ([name, on, when, act]) => `CREATE TRIGGER ${name} AFTER ${on} WHEN ${when} BEGIN ${act}; END`,
  );
}

function postgresTriggers(): string[] {
  return triggers.flatMap(([name, on, when, act]) => [
    `CREATE FUNCTION jawort_${name}() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN ${act}; RETURN NULL; END $$`,
    `CREATE TRIGGER ${name} AFTER ${on} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION jawort_${name}()`,
  ]);
}
