import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

/**
 * The transparency log (src/log): what is to be logged waits in `log_queue`, which triggers fill, so that no way to change
 * a table can forget it. Events come from the change feed, which has them in order already.
 */
export async function up(db: Kysely<never>): Promise<void> {
  const sqlite = databaseKind(db) === 'sqlite';
  const id = sqlite ? 'integer PRIMARY KEY AUTOINCREMENT' : 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY';
  const statements = [
    `CREATE TABLE log_queue (id ${id}, kind text NOT NULL, ref text NOT NULL, note text)`,
    ...tables,
    ...(sqlite ? keepOnSqlite : keepOnPostgres),
    ...(sqlite ? watched.flatMap(sqliteTriggers) : [postgresFunction, ...watched.flatMap(postgresTriggers)]),
    // What is there already is logged as it stands now.
    ...watched.map(
      ({ kind, table, key = 'id', first = 'true' }) =>
        `INSERT INTO log_queue (kind, ref) SELECT '${kind}', ${key} FROM ${table} WHERE ${first} ORDER BY ${key}`,
    ),
    `INSERT INTO log_queue (kind, ref) SELECT 'event', event_id FROM ledger_positions ORDER BY position`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const tables = [
  `CREATE TABLE log_entries (
    idx integer PRIMARY KEY,
    kind text NOT NULL,
    ref text NOT NULL,
    at text NOT NULL,
    body text NOT NULL,
    leaf text NOT NULL)`,
  `CREATE INDEX log_entries_ref ON log_entries (ref, kind, idx)`,
  `CREATE TABLE log_tiles (
    level integer NOT NULL,
    n integer NOT NULL,
    hashes text NOT NULL,
    PRIMARY KEY (level, n))`,
  `CREATE TABLE log_checkpoints (
    size integer PRIMARY KEY,
    root text NOT NULL,
    at text NOT NULL,
    note text NOT NULL)`,
];

interface Watched {
  kind: string;
  table: string;
  key?: string;
  /** Logged again when one of these columns changes. */
  changes?: string[];
  /** Logged only while this holds of the row, and not when it is added before. */
  first?: string;
}

const watched: Watched[] = [
  { kind: 'person_event', table: 'person_events' },
  { kind: 'suppression', table: 'suppressions', changes: ['until', 'lifted_at', 'reason', 'purpose_id'] },
  { kind: 'refusal', table: 'refusals', changes: ['spared', 'kept'] },
  {
    kind: 'ground',
    table: 'grounds',
    key: 'event_id',
    changes: [
      'record',
      'missing_evidence',
      'missing_7a',
      'file_sha256',
      'file_at',
      'corrected_at',
      'weighed',
    ],
  },
  { kind: 'text_step', table: 'consent_text_steps' },
  {
    kind: 'text_version',
    table: 'consent_text_versions',
    changes: ['state', 'approved_at', 'live_from', 'retired_at', 'invalidated_at', 'stopped_at'],
    first: 'approved_at IS NOT NULL',
  },
  { kind: 'form_version', table: 'form_versions' },
  { kind: 'privacy_notice', table: 'privacy_notices' },
  { kind: 'purpose', table: 'purposes', changes: ['revision', 'retired_at', 'proof_years'] },
  {
    kind: 'controller',
    table: 'controllers',
    changes: ['key', 'legal_name', 'country', 'privacy_version', 'refuses_claimed', 'revision'],
  },
  { kind: 'mail', table: 'mails', changes: ['state'], first: `state = 'sent'` },
  {
    kind: 'letter',
    table: 'letters',
    changes: ['state', 'run_id', 'printed_at', 'sent_at'],
    first: 'printed_at IS NOT NULL',
  },
  // A file that nobody has named belongs to nobody, and is deleted after some days.
  { kind: 'evidence_file', table: 'evidence_files', changes: ['person_id'], first: 'person_id IS NOT NULL' },
  { kind: 'use', table: 'uses', key: 'event_id' },
  {
    kind: 'import',
    table: 'imports',
    changes: ['state', 'released_at'],
    first: `(released_at IS NOT NULL OR state = 'landed')`,
  },
  { kind: 'staff', table: 'staff', changes: ['role', 'email', 'disabled_at'] },
  { kind: 'audit', table: 'audit_entries' },
  { kind: 'api_key', table: 'api_keys', changes: ['scopes', 'revoked_at', 'approved_by', 'works_since'] },
  { kind: 'erasure', table: 'people', changes: ['erased_at'], first: 'erased_at IS NOT NULL' },
];

const add = (kind: string, key: string) =>
  `BEGIN INSERT INTO log_queue (kind, ref) VALUES ('${kind}', NEW.${key}); END`;

/** A condition on the columns of a table, asked of the new row. */
const ofNew = (condition: string) =>
  condition.replace(/\b(state|erased_at|approved_at|printed_at|released_at|person_id)\b/g, 'NEW.$1');

function sqliteTriggers({ kind, table, key = 'id', changes, first }: Watched): string[] {
  const when = first ? ` WHEN ${ofNew(first)}` : '';
  const added = `CREATE TRIGGER ${table}_log_insert AFTER INSERT ON ${table}${when} ${add(kind, key)}`;
  if (!changes) return [added];
  const differs = changes.map((column) => `OLD.${column} IS NOT NEW.${column}`).join(' OR ');
  const condition = first ? `(${differs}) AND ${ofNew(first)}` : differs;
  return [
    added,
    `CREATE TRIGGER ${table}_log_update AFTER UPDATE OF ${changes.join(', ')} ON ${table} WHEN ${condition} ${add(kind, key)}`,
  ];
}

const postgresFunction = `CREATE FUNCTION jawort_log() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO log_queue (kind, ref) VALUES (TG_ARGV[0], to_jsonb(NEW) ->> TG_ARGV[1]); RETURN NULL; END $$`;

function postgresTriggers({ kind, table, key = 'id', changes, first }: Watched): string[] {
  const call = `FOR EACH ROW %WHEN% EXECUTE FUNCTION jawort_log('${kind}', '${key}')`;
  const when = first ? `WHEN (${ofNew(first)})` : '';
  const added = `CREATE TRIGGER ${table}_log_insert AFTER INSERT ON ${table} ${call.replace('%WHEN%', when)}`;
  if (!changes) return [added];
  const differs = changes.map((column) => `OLD.${column} IS DISTINCT FROM NEW.${column}`).join(' OR ');
  const condition = `WHEN (${first ? `(${differs}) AND ${ofNew(first)}` : differs})`;
  return [
    added,
    `CREATE TRIGGER ${table}_log_update AFTER UPDATE OF ${changes.join(', ')} ON ${table} ${call.replace('%WHEN%', condition)}`,
  ];
}

const kept = ['log_entries', 'log_checkpoints'];
const why = 'The log is append-only.';

const keepOnSqlite = kept.flatMap((table) => [
  `CREATE TRIGGER ${table}_keep_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, '${why}'); END`,
  `CREATE TRIGGER ${table}_keep_delete BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, '${why}'); END`,
]);

const keepOnPostgres = [
  `CREATE FUNCTION jawort_keep_log() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN RAISE EXCEPTION '${why}'; END $$`,
  ...kept.map(
    (table) => `CREATE TRIGGER ${table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
     FOR EACH STATEMENT EXECUTE FUNCTION jawort_keep_log()`,
  ),
];
