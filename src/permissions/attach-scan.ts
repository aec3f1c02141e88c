import { lockRows, type Tx } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import { type EvidenceContent, recordEvidence } from '#src/evidence/record-evidence.ts';
import { type Owner, ownerOf } from '#src/people/owner-of.ts';
import { type Actor, requireRole } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { captureEvidence } from './capture-evidence.ts';
import type { Scan } from './scan.ts';

export type AttachResult = 'attached' | 'kept_already' | 'other_file' | 'unknown';

/**
 * Adds the file to evidence that names only its checksum, as captures by the API do. The ledger has committed to the
 * checksum, so the file proves as much as one that came along; one with another checksum is not that file.
 */
export async function attachScan(
  app: App,
  actor: Actor,
  contactPointId: string,
  sha256: string,
  scan: Scan,
): Promise<AttachResult> {
  requireRole(actor, 'permissions.capture');
  return app.db.transaction().execute(async (tx) => {
    const owner = await ownerOf(tx, app.keys, contactPointId);
    if (!owner) return 'unknown';
    // Of two who hand in the same file at once, the second finds it there.
    await lockRows(tx, 'contact_points', [contactPointId]);
    const { named, kept } = scansIn(await captureEvidence(tx, owner.person));
    if (!named.has(sha256)) return 'unknown';
    if (kept.has(sha256)) return 'kept_already';
    if (scan.sha256 !== sha256) return 'other_file';
    const at = app.now().toISOString();
    await keepScan(tx, at, owner, scan);
    await recordAudit(tx, at, actor, 'permissions.scan_attached', `contact-point:${contactPointId}`, {
      sha256,
    });
    return 'attached';
  });
}

/** Under the person's key, like all evidence: who is erased takes their signature along. */
export async function keepScan(
  tx: Tx,
  at: string,
  { person, locale }: Pick<Owner, 'person' | 'locale'>,
  { sha256, type, bytes }: Scan,
): Promise<void> {
  await recordEvidence(tx, person, {
    act: 'capture',
    at,
    locale,
    consents: [],
    action: 'scan',
    typed: { scan_sha256: sha256, scan_type: type, scan_base64: Buffer.from(bytes).toString('base64') },
  });
}

/** The checksums that captures name, and those whose file is kept. */
export function scansIn(contents: EvidenceContent[]): { named: Set<string>; kept: Set<string> } {
  const of = (action: string, name: string) =>
    new Set(
      contents.flatMap((content) => {
        const sha256 = content.typed?.[name];
        return content.action === action && typeof sha256 === 'string' ? [sha256.toLowerCase()] : [];
      }),
    );
  return { named: of('capture', 'evidence.scan_sha256'), kept: of('scan', 'scan_sha256') };
}
