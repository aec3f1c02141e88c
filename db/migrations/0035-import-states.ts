import { type Kysely, sql } from 'kysely';

const counts = ['no', 'withdrawn', 'bounced', 'complained', 'older', 'unchanged', 'folded', 'left_out'];

/** An import may say more than a yes, and each of its rows is counted as what became of it. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const count of counts) {
    await sql.raw(`ALTER TABLE imports ADD COLUMN "${count}" integer NOT NULL DEFAULT 0`).execute(db);
  }
  await sql.raw(`ALTER TABLE imports ADD COLUMN short_of text NOT NULL DEFAULT '{}'`).execute(db);
}
