import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

/** Keys that sign receipts (src/receipts). A key that is made or retired is an entry of the transparency log. */
export async function up(db: Kysely<never>): Promise<void> {
  const triggers = databaseKind(db) === 'sqlite' ? sqliteTriggers : postgresTriggers;
  for (const statement of [table, ...triggers]) await sql.raw(statement).execute(db);
}

const table = `CREATE TABLE receipt_keys (
  kid text PRIMARY KEY,
  public_x text NOT NULL,
  private_enc text,
  made_at text NOT NULL,
  retired_at text)`;

const queue = `BEGIN INSERT INTO log_queue (kind, ref) VALUES ('receipt_key', NEW.kid); END`;

const sqliteTriggers = [
  `CREATE TRIGGER receipt_keys_log_insert AFTER INSERT ON receipt_keys ${queue}`,
  `CREATE TRIGGER receipt_keys_log_update AFTER UPDATE OF retired_at ON receipt_keys
   WHEN OLD.retired_at IS NOT NEW.retired_at ${queue}`,
];

const call = `FOR EACH ROW %WHEN% EXECUTE FUNCTION jawort_log('receipt_key', 'kid')`;

const postgresTriggers = [
  `CREATE TRIGGER receipt_keys_log_insert AFTER INSERT ON receipt_keys ${call.replace('%WHEN%', '')}`,
  `CREATE TRIGGER receipt_keys_log_update AFTER UPDATE OF retired_at ON receipt_keys
   ${call.replace('%WHEN%', 'WHEN (OLD.retired_at IS DISTINCT FROM NEW.retired_at)')}`,
];
