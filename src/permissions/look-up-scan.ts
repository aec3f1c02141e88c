import type { App } from '#src/app/app.ts';
import { findOwner } from '#src/people/find-owner.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { captureEvidence } from './capture-evidence.ts';
import { findFile } from './evidence-files.ts';
import { readScan, type Scan } from './scan.ts';

/** The scan or recording of this person with this checksum. */
export async function findScan(
  app: App,
  actor: Actor,
  contactPointId: string,
  sha256: string,
): Promise<Scan | undefined> {
  requireAbility(actor, 'permissions.read');
  const owner = await findOwner(app.db, app.keys, contactPointId);
  if (!owner) return undefined;
  const file = await findFile(app.db, owner.person, sha256);
  if (file) return { ...file, sha256 };
  // Older scans are stored inside the evidence.
  const contents = await captureEvidence(app.db, owner.person);
  for (const { action, typed } of contents) {
    if (action !== 'scan' || typed?.scan_sha256 !== sha256) continue;
    const scan = readScan(Buffer.from(String(typed.scan_base64), 'base64'));
    if (typeof scan === 'object') return scan;
  }
  return undefined;
}
