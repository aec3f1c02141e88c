import type { Db } from '#db/connect.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';

/** The evidence of a person's captures and scans. Captures that wait for a confirmation mail have kind `request`. */
export async function captureEvidence(db: Db, person: PersonWithKey): Promise<EvidenceContent[]> {
  const rows = await db
    .selectFrom('evidence')
    .select('content_enc')
    .where('person_id', '=', person.id)
    .where('kind', 'in', ['capture', 'request'])
    .execute();
  return rows.flatMap(({ content_enc }) =>
    content_enc ? [decryptJson<EvidenceContent>(person.key, content_enc)] : [],
  );
}
