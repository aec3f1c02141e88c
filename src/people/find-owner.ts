import type { Reader } from '#db/connect.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { Keys } from '#src/secrets/keys.ts';
import type { PersonWithKey } from './contact-points.ts';
import { unwrapPersonKey } from './encryption.ts';

export interface Owner {
  contactPoint: ContactPointTable;
  person: PersonWithKey;
  locale: Locale;
}

/** The owner of a contact point; `undefined` once they are erased. */
export async function findOwner(
  reader: Reader,
  keys: Keys,
  contactPointId: string,
): Promise<Owner | undefined> {
  const [row] = await pointWithOwner(reader, contactPointId);
  if (!row?.key_wrapped) return undefined;
  const { key_wrapped, locale, ...contactPoint } = row;
  return { contactPoint, person: { id: row.person_id, key: unwrapPersonKey(keys, key_wrapped) }, locale };
}

const pointWithOwner = preparedByKey((db, isAsked) =>
  db
    .selectFrom('contact_points')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .selectAll('contact_points')
    .select(['contact_points.id as asked', 'people.key_wrapped', 'people.locale'])
    .where(isAsked('contact_points.id')),
);

/** Belongs to a staff member or a tester of a form, who cannot be found by address. */
export function isUnlisted({ contactPoint }: Owner): boolean {
  return contactPoint.lookup_hash === null;
}
