import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

/** What witnesses and a time-stamping service say of the heads of the log, and how they are doing. */
export async function up(db: Kysely<never>): Promise<void> {
  const sqlite = databaseKind(db) === 'sqlite';
  for (const statement of [...tables, ...(sqlite ? keepOnSqlite : keepOnPostgres)]) {
    await sql.raw(statement).execute(db);
  }
}

const tables = [
  `CREATE TABLE log_cosignatures (
    size integer NOT NULL,
    witness text NOT NULL,
    at text NOT NULL,
    line text NOT NULL,
    PRIMARY KEY (size, witness))`,
  `CREATE TABLE log_stamps (
    size integer PRIMARY KEY,
    at text NOT NULL,
    tsr text NOT NULL)`,
  `CREATE TABLE log_watchers (
    name text PRIMARY KEY,
    size integer NOT NULL,
    good_at text,
    failing_since text,
    problem text,
    told_at text)`,
];

const kept = ['log_cosignatures', 'log_stamps'];
const why = 'The log is append-only.';

const keepOnSqlite = kept.flatMap((table) => [
  `CREATE TRIGGER ${table}_keep_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, '${why}'); END`,
  `CREATE TRIGGER ${table}_keep_delete BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, '${why}'); END`,
]);

const keepOnPostgres = kept.map(
  (table) => `CREATE TRIGGER ${table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
   FOR EACH STATEMENT EXECUTE FUNCTION jawort_keep_log()`,
);
