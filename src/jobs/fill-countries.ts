import { isOneOf } from '#db/key-lists.ts';
import type { App } from '#src/app/app.ts';
import { decryptJson, decryptText, unwrapPersonKey } from '#src/people/encryption.ts';
import { homeCountry } from '#src/people/home-country.ts';

const pointsAtOnce = 500;

/**
 * Fills `contact_points.country` of rows that are older than this column. No migration can do it, because it needs the
 * keys. Until then questions without a country are answered by German law, as they were before.
 */
export async function fillCountries(app: App): Promise<{ filled: number }> {
  const open = await app.db
    .selectFrom('contact_points')
    .select('person_id')
    .where('country', '=', '?')
    .orderBy('id')
    .limit(pointsAtOnce)
    .execute();
  if (open.length === 0) return { filled: 0 };
  const people = [...new Set(open.map(({ person_id }) => person_id))];
  const rows = await app.db
    .selectFrom('contact_points')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .select(['contact_points.id', 'contact_points.channel', 'contact_points.value_enc'])
    .select(['contact_points.person_id', 'people.key_wrapped', 'people.details_enc'])
    .where(isOneOf(app.db, 'contact_points.person_id', people))
    .execute();
  const countries = [...Map.groupBy(rows, ({ person_id }) => person_id).values()].flatMap((points) =>
    countriesOf(app, points),
  );
  await app.db.transaction().execute(async (tx) => {
    for (const { id, country } of countries) {
      // One that was told meanwhile is newer.
      await tx
        .updateTable('contact_points')
        .set({ country })
        .where('id', '=', id)
        .where('country', '=', '?')
        .execute();
    }
  });
  return { filled: open.length };
}

interface Row {
  id: string;
  channel: 'email' | 'sms' | 'phone' | 'fax' | 'post';
  value_enc: string | null;
  key_wrapped: string | null;
  details_enc: string | null;
}

/** The points of one person. */
function countriesOf(app: App, rows: Row[]): { id: string; country: string | null }[] {
  const [first] = rows;
  if (!first?.key_wrapped) return rows.map(({ id }) => ({ id, country: null }));
  const key = unwrapPersonKey(app.keys, first.key_wrapped);
  const details = first.details_enc ? decryptJson<{ country?: string }>(key, first.details_enc) : {};
  const points = rows.map(({ id, channel, value_enc }) => ({
    ...{ id, channel },
    value: value_enc ? decryptText(key, value_enc) : '',
  }));
  return points.map((point) => ({
    id: point.id,
    country: (point.channel === 'email' ? homeCountry(details, points) : homeCountry({}, [point])) ?? null,
  }));
}
