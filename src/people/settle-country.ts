import { sql } from 'kysely';
import { declareWrite } from '#db/writes.ts';

/**
 * Whose law applies to a mailbox: the country that its owner states (two letters), else that of their letter box, else of
 * their number. Without any of them it keeps the one it has.
 */
export const settleCountry = declareWrite((db, of: { personId: string; stated: string | null }) =>
  db
    .updateTable('contact_points')
    .set(({ selectFrom }) => ({
      country: sql<string | null>`coalesce(cast(${of.stated} as text), ${selectFrom('contact_points as other')
        .select('other.country')
        .where('other.person_id', '=', of.personId)
        .where('other.channel', '<>', 'email')
        .where('other.country', '<>', '?')
        .orderBy(sql`case other.channel when 'post' then 0 else 1 end`)
        .orderBy('other.created_at')
        .limit(1)}, country)`,
    }))
    .where('person_id', '=', of.personId)
    .where('channel', '=', 'email'),
);
