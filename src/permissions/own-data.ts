import type { Db } from '#db/connect.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { MatrixCell } from '#src/ledger/permission-matrix.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson, decryptText } from '#src/people/encryption.ts';
import { type HistoryEntry, preferenceHistory } from './preference-history.ts';

/** The person's own data on the preference page. Empty unless the link is fresh. */
export interface OwnData {
  /** Newest first. */
  history: HistoryEntry[];
  details: Record<string, string>;
  contactPoints: { channel: Channel; value: string; source: string; verifiedAt: string | null }[];
}

export const noOwnData: OwnData = { history: [], details: {}, contactPoints: [] };

/** What only a fresh link shows. */
export async function ownData(db: Db, person: PersonWithKey, cells: MatrixCell[]): Promise<OwnData> {
  const row = await db
    .selectFrom('people')
    .select('details_enc')
    .where('id', '=', person.id)
    .executeTakeFirst();
  const points = await db
    .selectFrom('contact_points')
    .selectAll()
    .where('person_id', '=', person.id)
    .orderBy('created_at')
    .execute();
  return {
    history: await preferenceHistory(db, person.id, points, cells),
    details: row?.details_enc ? decryptJson<Record<string, string>>(person.key, row.details_enc) : {},
    contactPoints: points.map((point) => ({
      channel: point.channel,
      value: point.value_enc ? decryptText(person.key, point.value_enc) : '',
      source: point.source,
      verifiedAt: point.verified_at,
    })),
  };
}
