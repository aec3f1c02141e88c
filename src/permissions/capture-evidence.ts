import type { Db } from '#db/connect.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import type { KnownPerson } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';

/** What was taken down about a person, and the scans with it. What is to be confirmed by mail lies with its request. */
export async function captureEvidence(db: Db, person: KnownPerson): Promise<EvidenceContent[]> {
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
