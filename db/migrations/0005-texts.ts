import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

const columns = [
  'author_id text',
  'revision integer NOT NULL DEFAULT 1',
  'based_on_id text',
  'proposed_change text',
  `checklist text NOT NULL DEFAULT '[]'`,
  'author_note text',
  'decided_change text',
  'approved_by text',
  'approval_note text',
  'publish_at text',
  `acknowledged text NOT NULL DEFAULT '[]'`,
  `overrides text NOT NULL DEFAULT '[]'`,
  'rules_version text',
  'review_needed integer NOT NULL DEFAULT 0',
  'review_rules text',
  'invalidated_by text',
  'invalid_reason text',
];

const tables = [
  `CREATE UNIQUE INDEX consent_text_versions_one_open ON consent_text_versions (text_id)
   WHERE state IN ('draft', 'in_review', 'approved', 'scheduled')`,
  `CREATE INDEX consent_text_versions_due ON consent_text_versions (publish_at) WHERE state = 'scheduled'`,
  // Without a reference to the version: the steps of a discarded draft stay.
  `CREATE TABLE consent_text_steps (
    id text PRIMARY KEY,
    text_id text NOT NULL REFERENCES consent_texts (id),
    version_id text NOT NULL,
    kind text NOT NULL,
    at text NOT NULL,
    actor_id text,
    actor_name text NOT NULL,
    note text,
    details text NOT NULL)`,
  'CREATE INDEX consent_text_steps_text ON consent_text_steps (text_id, id)',
  'CREATE INDEX consent_text_steps_version ON consent_text_steps (version_id, id)',
  `CREATE TABLE permission_counts (
    text_version_id text NOT NULL,
    state text NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (text_version_id, state))`,
  `CREATE TABLE permission_count_changes (
    text_version_id text NOT NULL,
    state text NOT NULL,
    change integer NOT NULL)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const column of columns) {
    await sql.raw(`ALTER TABLE consent_text_versions ADD COLUMN ${column}`).execute(db);
  }
  for (const statement of tables) await sql.raw(statement).execute(db);
  await sql
    .raw(
      `INSERT INTO permission_counts (text_version_id, state, count)
       SELECT text_version_id, settled_state, count(*) FROM permissions
       WHERE text_version_id IS NOT NULL GROUP BY text_version_id, settled_state`,
    )
    .execute(db);
  for (const statement of databaseKind(db) === 'sqlite' ? sqliteTriggers() : postgresTriggers()) {
    await sql.raw(statement).execute(db);
  }
}

/** Who wrote, judged and approved, and why: as fixed as the words, from approval on. */
const approvalData = [
  'id',
  'author_id',
  'based_on_id',
  'proposed_change',
  'checklist',
  'author_note',
  'decided_change',
  'approved_by',
  'approval_note',
  'acknowledged',
  'overrides',
];
const invalidation = ['invalidated_at', 'invalidated_by', 'invalid_reason'];
const fixedWhy = 'the approval of a consent text is never changed';
const backWhy = 'an approved consent text never goes back to be edited';
const invalidWhy = 'an invalid consent text stays invalid';
const back = `OLD.approved_at IS NOT NULL AND NEW.state IN ('draft', 'in_review', 'rejected')`;
const stepsWhy = 'the steps of a consent text are never changed or deleted';

function sqliteTriggers(): string[] {
  const refuse = (table: string, name: string, on: string, when: string, why: string) =>
    `CREATE TRIGGER ${table}_${name} BEFORE ${on} ON ${table} ${when && `WHEN ${when}`}
     BEGIN SELECT RAISE(ABORT, '${why}'); END`;
  const versions = 'consent_text_versions';
  const update = (names: string[]) => `UPDATE OF ${names.join(', ')}`;
  return [
    refuse(versions, 'refuse_approval', update(approvalData), 'OLD.approved_at IS NOT NULL', fixedWhy),
    refuse(versions, 'refuse_way_back', 'UPDATE OF state', back, backWhy),
    refuse(versions, 'refuse_valid', update(invalidation), 'OLD.invalidated_at IS NOT NULL', invalidWhy),
    refuse('consent_text_steps', 'refuse_update', 'UPDATE', '', stepsWhy),
    refuse('consent_text_steps', 'refuse_delete', 'DELETE', '', stepsWhy),
    ...sqliteCounts,
  ];
}

const sqliteCounts = [
  `CREATE TRIGGER permissions_count_added AFTER INSERT ON permissions WHEN NEW.text_version_id IS NOT NULL
   BEGIN INSERT INTO permission_count_changes VALUES (NEW.text_version_id, NEW.settled_state, 1); END`,
  `CREATE TRIGGER permissions_count_removed AFTER DELETE ON permissions WHEN OLD.text_version_id IS NOT NULL
   BEGIN INSERT INTO permission_count_changes VALUES (OLD.text_version_id, OLD.settled_state, -1); END`,
  `CREATE TRIGGER permissions_count_changed AFTER UPDATE OF text_version_id, settled_state ON permissions
   WHEN OLD.text_version_id IS NOT NEW.text_version_id OR OLD.settled_state <> NEW.settled_state
   BEGIN INSERT INTO permission_count_changes
     SELECT OLD.text_version_id, OLD.settled_state, -1 WHERE OLD.text_version_id IS NOT NULL
     UNION ALL SELECT NEW.text_version_id, NEW.settled_state, 1 WHERE NEW.text_version_id IS NOT NULL; END`,
];

function postgresTriggers(): string[] {
  const changed = (names: string[]) =>
    names.map((name) => `OLD.${name} IS DISTINCT FROM NEW.${name}`).join(' OR ');
  const guard = (table: string, name: string, on: string, when: string, why: string) =>
    `CREATE TRIGGER ${table}_${name} BEFORE ${on} ON ${table} FOR EACH ROW ${when && `WHEN (${when})`}
     EXECUTE FUNCTION jawort_refuse('${why}')`;
  const versions = 'consent_text_versions';
  const fixed = `OLD.approved_at IS NOT NULL AND (${changed(approvalData)})`;
  const invalid = `OLD.invalidated_at IS NOT NULL AND (${changed(invalidation)})`;
  return [
    guard(versions, 'refuse_approval', 'UPDATE', fixed, fixedWhy),
    guard(versions, 'refuse_way_back', 'UPDATE', back, backWhy),
    guard(versions, 'refuse_valid', 'UPDATE', invalid, invalidWhy),
    guard('consent_text_steps', 'refuse_change', 'UPDATE OR DELETE', '', stepsWhy),
    `CREATE TRIGGER consent_text_steps_refuse_truncate BEFORE TRUNCATE ON consent_text_steps
     FOR EACH STATEMENT EXECUTE FUNCTION jawort_refuse('${stepsWhy}')`,
    ...postgresCounts(),
  ];
}

function postgresCounts(): string[] {
  const counting = (name: string, rows: string) =>
    `CREATE FUNCTION jawort_${name}() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN
       INSERT INTO permission_count_changes (text_version_id, state, change)
       SELECT version, state, sum(change) FROM (${rows}) AS rows
       WHERE version IS NOT NULL GROUP BY version, state HAVING sum(change) <> 0;
       RETURN NULL;
     END $$`;
  const rows = (from: string, change: number) =>
    `SELECT text_version_id AS version, settled_state AS state, ${change} AS change FROM ${from}`;
  const trigger = (name: string, on: string, referencing: string) =>
    `CREATE TRIGGER permissions_${name} AFTER ${on} ON permissions REFERENCING ${referencing}
     FOR EACH STATEMENT EXECUTE FUNCTION jawort_${name}()`;
  return [
    counting('count_added', rows('added', 1)),
    counting('count_removed', rows('removed', -1)),
    counting('count_changed', `${rows('removed', -1)} UNION ALL ${rows('added', 1)}`),
    trigger('count_added', 'INSERT', 'NEW TABLE AS added'),
    trigger('count_removed', 'DELETE', 'OLD TABLE AS removed'),
    trigger('count_changed', 'UPDATE', 'OLD TABLE AS removed NEW TABLE AS added'),
  ];
}
