import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

const tables = [
  `CREATE TABLE controllers (
    id text PRIMARY KEY,
    key text NOT NULL UNIQUE,
    legal_name text NOT NULL,
    address text NOT NULL,
    country text NOT NULL,
    privacy_email text NOT NULL,
    privacy_url text NOT NULL,
    privacy_version text NOT NULL,
    imprint text NOT NULL,
    mails_after_withdrawal integer NOT NULL DEFAULT 0,
    created_at text NOT NULL)`,
  `CREATE TABLE purposes (
    id text PRIMARY KEY,
    controller_id text NOT NULL REFERENCES controllers (id),
    key text NOT NULL UNIQUE,
    position integer NOT NULL,
    created_at text NOT NULL,
    retired_at text)`,
  `CREATE TABLE purpose_translations (
    purpose_id text NOT NULL REFERENCES purposes (id),
    locale text NOT NULL,
    title text NOT NULL,
    promise text NOT NULL,
    PRIMARY KEY (purpose_id, locale))`,
  `CREATE TABLE purpose_channels (
    purpose_id text NOT NULL REFERENCES purposes (id),
    channel text NOT NULL,
    PRIMARY KEY (purpose_id, channel))`,
  `CREATE TABLE purpose_third_parties (
    id text PRIMARY KEY,
    purpose_id text NOT NULL REFERENCES purposes (id),
    name text NOT NULL,
    place text NOT NULL,
    line_of_business text NOT NULL)`,
  `CREATE TABLE consent_texts (
    id text PRIMARY KEY,
    purpose_id text NOT NULL REFERENCES purposes (id),
    channel text NOT NULL,
    locale text NOT NULL,
    live_version_id text,
    UNIQUE (purpose_id, channel, locale))`,
  `CREATE TABLE consent_text_versions (
    id text PRIMARY KEY,
    text_id text NOT NULL REFERENCES consent_texts (id),
    major integer NOT NULL,
    minor integer NOT NULL,
    wording text NOT NULL,
    sha256 text NOT NULL,
    state text NOT NULL,
    names text NOT NULL,
    approved_at text,
    live_from text,
    retired_at text,
    invalidated_at text,
    created_at text NOT NULL,
    UNIQUE (text_id, major, minor))`,
  `CREATE TABLE forms (
    id text PRIMARY KEY,
    key text NOT NULL UNIQUE,
    controller_id text NOT NULL REFERENCES controllers (id),
    default_locale text NOT NULL,
    allowed_origins text NOT NULL,
    confirm_within_hours integer NOT NULL,
    current_version_id text,
    closed_at text,
    created_at text NOT NULL)`,
  `CREATE TABLE form_versions (
    id text PRIMARY KEY,
    form_id text NOT NULL REFERENCES forms (id),
    number integer NOT NULL,
    definition text NOT NULL,
    sha256 text NOT NULL,
    published_at text NOT NULL,
    UNIQUE (form_id, number))`,
  `CREATE TABLE people (
    id text PRIMARY KEY,
    key_wrapped text,
    details_enc text,
    locale text NOT NULL,
    created_at text NOT NULL,
    erased_at text)`,
  `CREATE TABLE contact_points (
    id text PRIMARY KEY,
    person_id text NOT NULL REFERENCES people (id),
    channel text NOT NULL,
    lookup_hash text,
    value_enc text,
    link_generation integer NOT NULL DEFAULT 0,
    source text NOT NULL,
    verified_at text,
    created_at text NOT NULL,
    erased_at text)`,
  `CREATE UNIQUE INDEX contact_points_one_mailbox ON contact_points (lookup_hash) WHERE channel = 'email'`,
  `CREATE INDEX contact_points_lookup ON contact_points (lookup_hash, person_id)`,
  `CREATE INDEX contact_points_person ON contact_points (person_id)`,
  `CREATE TABLE suppressions (
    id text PRIMARY KEY,
    channel text NOT NULL,
    lookup_hash text NOT NULL,
    purpose_id text REFERENCES purposes (id),
    reason text NOT NULL,
    created_at text NOT NULL,
    until text,
    lifted_at text)`,
  `CREATE INDEX suppressions_lookup ON suppressions (lookup_hash)`,
  `CREATE TABLE signups (
    id text PRIMARY KEY,
    person_id text NOT NULL REFERENCES people (id),
    contact_point_id text NOT NULL REFERENCES contact_points (id),
    form_id text REFERENCES forms (id),
    form_version_id text REFERENCES form_versions (id),
    locale text NOT NULL,
    origin text NOT NULL,
    source text,
    state text NOT NULL,
    requested_at text NOT NULL,
    expires_at text NOT NULL,
    purge_at text NOT NULL,
    answered_at text,
    generation integer NOT NULL,
    token_hash text,
    replaced_token_hash text,
    code_expires_at text,
    code_tries integer NOT NULL DEFAULT 0,
    mails_sent integer NOT NULL DEFAULT 0,
    last_mail_at text,
    details_enc text)`,
  `CREATE UNIQUE INDEX signups_token ON signups (token_hash)`,
  `CREATE INDEX signups_replaced_token ON signups (replaced_token_hash) WHERE replaced_token_hash IS NOT NULL`,
  `CREATE INDEX signups_contact_point ON signups (contact_point_id, requested_at)`,
  `CREATE INDEX signups_expiry ON signups (expires_at) WHERE state = 'open'`,
  `CREATE INDEX signups_purge ON signups (purge_at) WHERE state <> 'confirmed'`,
  `CREATE TABLE permissions (
    id text PRIMARY KEY,
    contact_point_id text NOT NULL REFERENCES contact_points (id),
    purpose_id text NOT NULL REFERENCES purposes (id),
    channel text NOT NULL,
    state text NOT NULL,
    settled_state text NOT NULL,
    pending_signup_id text,
    basis text,
    text_version_id text,
    evidence_grade text,
    channel_verified integer NOT NULL,
    granted_at text,
    since text NOT NULL,
    last_used_at text,
    valid_until text,
    last_event_id text NOT NULL,
    event_count integer NOT NULL,
    created_at text NOT NULL,
    UNIQUE (contact_point_id, purpose_id))`,
  `CREATE TABLE signup_items (
    signup_id text NOT NULL REFERENCES signups (id),
    purpose_id text NOT NULL REFERENCES purposes (id),
    channel text NOT NULL,
    contact_point_id text NOT NULL REFERENCES contact_points (id),
    permission_id text NOT NULL,
    text_version_id text NOT NULL REFERENCES consent_text_versions (id),
    position integer NOT NULL,
    PRIMARY KEY (signup_id, purpose_id, channel))`,
  `CREATE TABLE evidence (
    id text PRIMARY KEY,
    person_id text NOT NULL REFERENCES people (id),
    kind text NOT NULL,
    content_enc text,
    commitment text NOT NULL,
    created_at text NOT NULL)`,
  `CREATE INDEX evidence_person ON evidence (person_id)`,
  `CREATE TABLE events (
    id text PRIMARY KEY,
    kind text NOT NULL,
    occurred_at text NOT NULL,
    recorded_at text NOT NULL,
    permission_id text NOT NULL,
    number integer NOT NULL,
    contact_point_id text NOT NULL,
    purpose_id text NOT NULL,
    channel text NOT NULL,
    basis text NOT NULL,
    text_version_id text,
    form_version_id text,
    signup_id text,
    origin text NOT NULL,
    actor text NOT NULL,
    evidence_grade text,
    channel_verified integer NOT NULL,
    valid_until text,
    evidence_id text,
    commitment text,
    hash text NOT NULL)`,
  `CREATE UNIQUE INDEX events_permission ON events (permission_id, number)`,
  `CREATE INDEX events_contact_point ON events (contact_point_id, id)`,
  `CREATE INDEX events_evidence ON events (evidence_id)`,
  `CREATE TABLE mails (
    id text PRIMARY KEY,
    kind text NOT NULL,
    person_id text NOT NULL REFERENCES people (id),
    contact_point_id text NOT NULL REFERENCES contact_points (id),
    signup_id text,
    generation integer,
    locale text NOT NULL,
    params_enc text NOT NULL,
    content_enc text,
    state text NOT NULL,
    due_at text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    claimed_until text,
    batch_id text,
    provider_id text,
    provider_answer text,
    sent_at text,
    created_at text NOT NULL)`,
  `CREATE INDEX mails_due ON mails (due_at) WHERE state IN ('queued', 'sending')`,
  `CREATE INDEX mails_person ON mails (person_id)`,
  `CREATE TABLE rate_limits (
    key_hash text PRIMARY KEY,
    count integer NOT NULL,
    resets_at text NOT NULL)`,
  `CREATE INDEX rate_limits_reset ON rate_limits (resets_at)`,
  `CREATE TABLE jobs (
    name text PRIMARY KEY,
    due_at text NOT NULL,
    claimed_until text,
    last_run_at text,
    last_outcome text)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of tables) await sql.raw(statement).execute(db);
  for (const statement of databaseKind(db) === 'sqlite' ? sqliteTriggers() : postgresTriggers()) {
    await sql.raw(statement).execute(db);
  }
}

const approvedWords = [
  'text_id',
  'major',
  'minor',
  'wording',
  'sha256',
  'names',
  'approved_at',
  'created_at',
];

/** What is recorded stays: the database refuses, whoever asks. */
function sqliteTriggers(): string[] {
  const refuse = (table: string, on: string, when: string, why: string) =>
    `CREATE TRIGGER ${table}_refuse_${on.slice(0, 6).toLowerCase()} BEFORE ${on} ON ${table} ${when}
     BEGIN SELECT RAISE(ABORT, '${why}'); END`;
  const approved = 'WHEN OLD.approved_at IS NOT NULL';
  return [
    refuse('events', 'UPDATE', '', 'events are never changed'),
    refuse('events', 'DELETE', '', 'events are never deleted'),
    refuse('form_versions', 'UPDATE', '', 'form versions are never changed'),
    refuse('form_versions', 'DELETE', '', 'form versions are never deleted'),
    refuse(
      'consent_text_versions',
      `UPDATE OF ${approvedWords.join(', ')}`,
      approved,
      'an approved consent text is never changed',
    ),
    refuse('consent_text_versions', 'DELETE', approved, 'an approved consent text is never deleted'),
  ];
}

function postgresTriggers(): string[] {
  const changed = approvedWords.map((column) => `OLD.${column} IS DISTINCT FROM NEW.${column}`).join(' OR ');
  const guard = (table: string, name: string, on: string, when: string, why: string) =>
    `CREATE TRIGGER ${table}_${name} BEFORE ${on} ON ${table} FOR EACH ROW ${when}
     EXECUTE FUNCTION jawort_refuse('${why}')`;
  return [
    `CREATE FUNCTION jawort_refuse() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$`,
    guard('events', 'refuse_change', 'UPDATE OR DELETE', '', 'events are never changed or deleted'),
    guard(
      'form_versions',
      'refuse_change',
      'UPDATE OR DELETE',
      '',
      'form versions are never changed or deleted',
    ),
    guard(
      'consent_text_versions',
      'refuse_update',
      'UPDATE',
      `WHEN (OLD.approved_at IS NOT NULL AND (${changed}))`,
      'an approved consent text is never changed',
    ),
    guard(
      'consent_text_versions',
      'refuse_delete',
      'DELETE',
      'WHEN (OLD.approved_at IS NOT NULL)',
      'an approved consent text is never deleted',
    ),
    ...['events', 'form_versions', 'consent_text_versions'].map(
      (table) =>
        `CREATE TRIGGER ${table}_refuse_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT
         EXECUTE FUNCTION jawort_refuse('${table} is never emptied')`,
    ),
  ];
}
