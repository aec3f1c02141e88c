import { type Kysely, sql } from 'kysely';

/** A block that another system reports stands since it happened there, and is known here only since it was told. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw('ALTER TABLE suppressions ADD COLUMN source text').execute(db);
  await sql.raw('ALTER TABLE suppressions ADD COLUMN recorded_at text').execute(db);
}
