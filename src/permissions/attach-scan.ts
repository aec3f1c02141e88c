import type { Db } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import type { App } from '#src/app/app.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { findOwner } from '#src/people/find-owner.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { captureEvidence } from './capture-evidence.ts';
import { filesOf, storeFile } from './evidence-files.ts';
import type { Scan } from './scan.ts';

export type AttachResult = 'attached' | 'kept_already' | 'other_file' | 'unknown';

/**
 * Adds the file to a capture that only named its checksum, as captures by the API do. The ledger commits to the
 * checksum, so a file added later proves as much; a file with another checksum is refused.
 */
export async function attachScan(
  app: App,
  actor: Actor,
  contactPointId: string,
  sha256: string,
  scan: Scan,
): Promise<AttachResult> {
  requireAbility(actor, 'permissions.capture');
  return app.db.transaction().execute(async (tx) => {
    const owner = await findOwner(tx, app.keys, contactPointId);
    if (!owner) return 'unknown';
    // Of two concurrent uploads of the same file, the second finds it stored.
    await lockRows(tx, 'contact_points', [contactPointId]);
    const { named, kept } = await scansOf(tx, owner.person);
    if (!named.has(sha256)) return 'unknown';
    if (kept.has(sha256)) return 'kept_already';
    if (scan.sha256 !== sha256) return 'other_file';
    const at = app.now().toISOString();
    await storeFile(tx, at, owner, scan);
    await recordAudit(tx, at, actor, 'permissions.scan_attached', `contact-point:${contactPointId}`, {
      sha256,
    });
    return 'attached';
  });
}

/** Checksums of scans and recordings: all that the person's captures name, and those whose file is stored. */
export async function scansOf(
  db: Db,
  person: PersonWithKey,
): Promise<{ named: Set<string>; kept: Set<string> }> {
  const contents = await captureEvidence(db, person);
  const of = (action: string, names: string[]) =>
    contents.flatMap((content) =>
      names.flatMap((name) => {
        const sha256 = content.typed?.[name];
        return content.action === action && typeof sha256 === 'string' ? [sha256.toLowerCase()] : [];
      }),
    );
  const files = await filesOf(db, person.id);
  return {
    named: new Set(of('capture', ['evidence.scan_sha256', 'evidence.recording_sha256'])),
    kept: new Set([...of('scan', ['scan_sha256']), ...files]),
  };
}
