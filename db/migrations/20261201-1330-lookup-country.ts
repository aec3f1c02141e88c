import { type Kysely, sql } from 'kysely';

/** With the country, so that looking up an address reads the index alone and not the row as well. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw('DROP INDEX contact_points_lookup').execute(db);
  await sql
    .raw(
      'CREATE INDEX contact_points_lookup ON contact_points (lookup_hash, person_id, id, link_generation, country)',
    )
    .execute(db);
}
