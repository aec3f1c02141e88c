import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

/**
 * `INSERT OR REPLACE` deletes the row in its way without asking the triggers that refuse to delete it. So SQLite
 * refuses the new row instead, wherever it would take the place of one that is kept for ever. PostgreSQL knows no
 * such statement.
 */
export async function up(db: Kysely<never>): Promise<void> {
  if (databaseKind(db) === 'postgres') return;
  for (const statement of [...kept.map(refuseInsert), ...approvedTexts]) await sql.raw(statement).execute(db);
}

/** The tables whose rows are kept for ever, with what is unique in them. */
const kept: [table: string, ...unique: string[]][] = [
  ['events', 'id', 'permission_id, number'],
  ['form_versions', 'id', 'form_id, number'],
  ['form_version_pages', 'version_id, locale'],
  ['consent_text_steps', 'id'],
  ['audit_entries', 'id'],
];

function refuseInsert([table, ...unique]: (typeof kept)[number]): string {
  return `CREATE TRIGGER ${table}_refuse_replace BEFORE INSERT ON ${table}
   WHEN EXISTS (SELECT 1 FROM ${table} AS kept WHERE ${inTheWay('rowid', ...unique)})
   BEGIN SELECT RAISE(ABORT, '${why(table)}'); END`;
}

// The columns of an approved text that the next steps of its life may change are held by other triggers.
const open = `('draft', 'in_review', 'approved', 'scheduled')`;
const anApprovedText = `SELECT 1 FROM consent_text_versions AS kept WHERE kept.approved_at IS NOT NULL AND
   (${inTheWay('rowid', 'id', 'text_id, major, minor')}
    OR (kept.text_id = NEW.text_id AND kept.state IN ${open} AND NEW.state IN ${open}))`;

const approvedTexts = [
  `CREATE TRIGGER consent_text_versions_refuse_replace BEFORE INSERT ON consent_text_versions
   WHEN EXISTS (${anApprovedText})
   BEGIN SELECT RAISE(ABORT, '${why('consent_text_versions')}'); END`,
  `CREATE TRIGGER consent_text_versions_refuse_displace BEFORE UPDATE ON consent_text_versions
   WHEN EXISTS (${anApprovedText} AND kept.rowid <> OLD.rowid)
   BEGIN SELECT RAISE(ABORT, '${why('consent_text_versions')}'); END`,
];

function inTheWay(...unique: string[]): string {
  const same = (columns: string) =>
    columns
      .split(', ')
      .map((column) => `kept.${column} = NEW.${column}`)
      .join(' AND ');
  return unique.map((columns) => `(${same(columns)})`).join(' OR ');
}

/** In the words that SQLite has for it, so that two who write at once are told apart from a change. */
function why(table: string): string {
  return `UNIQUE constraint failed: ${table} are kept and never replaced`;
}
