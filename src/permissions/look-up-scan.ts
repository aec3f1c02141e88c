import type { App } from '#src/app.ts';
import { ownerOf } from '#src/people/owner-of.ts';
import { type Actor, requireRole } from '#src/staff/actor.ts';
import { captureEvidence } from './capture-evidence.ts';
import { readScan, type Scan } from './scan.ts';

/** What this person signed, by the checksum that stands with the evidence. */
export async function findScan(
  app: App,
  actor: Actor,
  contactPointId: string,
  sha256: string,
): Promise<Scan | undefined> {
  requireRole(actor, 'permissions.read');
  const owner = await ownerOf(app.db, app.keys, contactPointId);
  const contents = owner ? await captureEvidence(app.db, owner.person) : [];
  for (const { action, typed } of contents) {
    if (action !== 'scan' || typed?.scan_sha256 !== sha256) continue;
    const scan = readScan(Buffer.from(String(typed.scan_base64), 'base64'));
    if (typeof scan === 'object') return scan;
  }
  return undefined;
}
