import type { Db } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { countryName } from '#src/i18n/names.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson, decryptText } from '#src/people/encryption.ts';

/** The address lines in the window of the envelope. */
export interface PostalRecipient {
  lines: string[];
}

/**
 * Prefers a postal address with a permission to the one stored with the person's name. An address whose capture was
 * corrected has no permission left and is skipped. `undefined`: no address is known.
 */
export async function postalRecipient(
  db: Db,
  person: PersonWithKey,
  home: { country: string; locale: Locale },
): Promise<PostalRecipient | undefined> {
  const details = await detailsOf(db, person);
  const name = [details.given_name, details.family_name].filter(Boolean).join(' ');
  const [point] = await db
    .selectFrom('contact_points as point')
    .innerJoin('permissions', 'permissions.contact_point_id', 'point.id')
    .select('point.value_enc')
    .where('point.person_id', '=', person.id)
    .where('point.channel', '=', 'post')
    .where('permissions.state', '<>', 'none')
    .orderBy('point.created_at', 'desc')
    .limit(1)
    .execute();
  if (point?.value_enc) {
    const lines = abroad(decryptText(person.key, point.value_enc).split('\n'), home);
    // Three or more lines include a name; street and city are the other two.
    return { lines: lines.length > 2 || !name ? lines : [name, ...lines] };
  }
  const { company, street, postal_code, city, country } = details;
  if (!street || !postal_code || !city) return undefined;
  const lines = [name, company, street, `${postal_code} ${city}`, country].filter(
    (line) => line !== undefined,
  );
  return {
    lines: abroad(
      lines.filter((line) => line !== ''),
      home,
    ),
  };
}

async function detailsOf(db: Db, person: PersonWithKey): Promise<Record<string, string>> {
  const row = await db
    .selectFrom('people')
    .select('details_enc')
    .where('id', '=', person.id)
    .executeTakeFirst();
  return row?.details_enc ? decryptJson<Record<string, string>>(person.key, row.details_enc) : {};
}

/** The country is in capitals in the last line, and left out for a letter within the country (DIN 5008). */
function abroad(lines: string[], { country, locale }: { country: string; locale: Locale }): string[] {
  const last = lines.at(-1) ?? '';
  if (!/^[A-Z]{2}$/.test(last)) return lines;
  const rest = lines.slice(0, -1);
  if (last === country) return rest;
  return [...rest, countryName(last, locale).toUpperCase()];
}
