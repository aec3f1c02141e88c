import type { App } from '#src/app.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { type Actor, requireRole } from '#src/staff/actor.ts';
import { readScan, type Scan } from './scan.ts';

/** What this person signed, by the checksum that stands with the evidence. */
export async function findScan(
  app: App,
  actor: Actor,
  contactPointId: string,
  sha256: string,
): Promise<Scan | undefined> {
  requireRole(actor, 'permissions.read');
  const rows = await app.db
    .selectFrom('contact_points')
    .innerJoin('evidence', 'evidence.person_id', 'contact_points.person_id')
    .select(['evidence.person_id', 'evidence.content_enc'])
    .where('contact_points.id', '=', contactPointId)
    .where('evidence.kind', '=', 'capture')
    .execute();
  const person = rows[0] && (await findPerson(app.db, app.keys, rows[0].person_id));
  if (!person) return undefined;
  for (const { content_enc } of rows) {
    const { action, typed } = content_enc ? decryptJson<EvidenceContent>(person.key, content_enc) : {};
    if (action !== 'scan' || typed?.scan_sha256 !== sha256) continue;
    const scan = readScan(Buffer.from(String(typed.scan_base64), 'base64'));
    if (typeof scan === 'object') return scan;
  }
  return undefined;
}
