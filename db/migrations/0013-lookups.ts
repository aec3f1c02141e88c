import { type Kysely, sql } from 'kysely';

/** A look-up by address finds everything that a decision needs of a contact point in the index itself. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw('DROP INDEX contact_points_lookup').execute(db);
  await sql
    .raw('CREATE INDEX contact_points_lookup ON contact_points (lookup_hash, person_id, id, link_generation)')
    .execute(db);
}
