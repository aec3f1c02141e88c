import { type Kysely, sql } from 'kysely';

/** Tells a wrong APP_SECRET before anything is answered with it. The first start with the right one fills it. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql
    .raw('CREATE TABLE secret_check (id integer PRIMARY KEY, value text NOT NULL, created_at text NOT NULL)')
    .execute(db);
}
