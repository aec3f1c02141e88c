import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

const statements = [
  'ALTER TABLE forms ADD COLUMN archived_at text',
  `CREATE TABLE form_drafts (
    form_id text PRIMARY KEY REFERENCES forms (id),
    draft text NOT NULL,
    revision integer NOT NULL,
    changed_at text NOT NULL,
    changed_by text NOT NULL)`,
  `CREATE TABLE form_version_pages (
    version_id text NOT NULL REFERENCES form_versions (id),
    locale text NOT NULL,
    html text NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (version_id, locale))`,
];

/** Forms as they are prepared at the desk, and the very HTML that each version shows. */
export async function up(db: Kysely<never>): Promise<void> {
  const triggers = databaseKind(db) === 'postgres' ? postgresTriggers : sqliteTriggers;
  for (const statement of [...statements, ...triggers]) await sql.raw(statement).execute(db);
}

const sqliteTriggers = ['UPDATE', 'DELETE'].map(
  (act) =>
    `CREATE TRIGGER form_version_pages_refuse_${act.toLowerCase()} BEFORE ${act} ON form_version_pages
     BEGIN SELECT RAISE(ABORT, 'what a form version shows is never changed or deleted'); END`,
);

const postgresTriggers = [
  `CREATE TRIGGER form_version_pages_refuse_change BEFORE UPDATE OR DELETE ON form_version_pages FOR EACH ROW
   EXECUTE FUNCTION jawort_refuse('what a form version shows is never changed or deleted')`,
  `CREATE TRIGGER form_version_pages_refuse_truncate BEFORE TRUNCATE ON form_version_pages FOR EACH STATEMENT
   EXECUTE FUNCTION jawort_refuse('form_version_pages is never emptied')`,
];
