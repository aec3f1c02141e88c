import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

/** What was answered to whom: see `db/schema/kept-decisions.ts`. The log takes each root in. */
export async function up(db: Kysely<never>): Promise<void> {
  const sqlite = databaseKind(db) === 'sqlite';
  const statements = [
    `CREATE TABLE decision_roots (
      id text PRIMARY KEY,
      at text NOT NULL,
      batches integer NOT NULL,
      calls integer NOT NULL,
      answers integer NOT NULL,
      root text NOT NULL)`,
    `CREATE TABLE decision_batches (
      id text PRIMARY KEY,
      writer text NOT NULL,
      first_number integer NOT NULL,
      last_number integer NOT NULL,
      minute text NOT NULL,
      calls integer NOT NULL,
      answers integer NOT NULL,
      root text NOT NULL,
      content text NOT NULL,
      root_id text)`,
    `CREATE UNIQUE INDEX decision_batches_number ON decision_batches (writer, first_number)`,
    `CREATE INDEX decision_batches_root ON decision_batches (root_id)`,
    `CREATE INDEX decision_batches_minute ON decision_batches (minute)`,
    sqlite
      ? `CREATE TRIGGER decision_roots_log_insert AFTER INSERT ON decision_roots
         BEGIN INSERT INTO log_queue (kind, ref) VALUES ('decisions', NEW.id); END`
      : `CREATE TRIGGER decision_roots_log_insert AFTER INSERT ON decision_roots
         FOR EACH ROW EXECUTE FUNCTION jawort_log('decisions', 'id')`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
