import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

/** The links of deleted signups, and the site on which a form stood when it was sent. */
export async function up(db: Kysely<never>): Promise<void> {
  const table = `CREATE TABLE purged_links (
    token_hash text PRIMARY KEY,
    form_id text,
    locale text NOT NULL,
    forget_at text NOT NULL)`;
  const statements = [
    databaseKind(db) === 'sqlite' ? `${table} WITHOUT ROWID` : table,
    'CREATE INDEX purged_links_forget ON purged_links (forget_at)',
    'ALTER TABLE signups ADD COLUMN entered_on text',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
