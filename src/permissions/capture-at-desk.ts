import { isUniqueViolation, type Tx } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { findByAddress, readAddress } from '#src/people/find-by-address.ts';
import { type Actor, requireRole } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import type { Capture } from './capture.ts';
import { type CaptureResult, captureConsent } from './capture-consent.ts';
import type { Scan } from './scan.ts';

export type DeskCaptureResult =
  | Extract<CaptureResult, { outcome: 'refused' }>
  | (Extract<CaptureResult, { outcome: 'captured' }> & { contactPointId: string });

/** Takes down what a person said or signed, with the scan of what was signed, and who took it down. */
export async function captureAtDesk(
  app: App,
  actor: Actor,
  capture: Capture,
  scan?: Scan,
): Promise<DeskCaptureResult> {
  requireRole(actor, 'permissions.capture');
  const act = () => app.db.transaction().execute((tx) => captureIn(tx, app, actor, capture, scan));
  // Two first acts for one address at once: the second finds the first one's person when it looks again.
  const result = await act().catch((error) => (isUniqueViolation(error) ? act() : Promise.reject(error)));
  app.mailsQueued();
  return result;
}

async function captureIn(
  tx: Tx,
  app: App,
  actor: Actor,
  capture: Capture,
  scan: Scan | undefined,
): Promise<DeskCaptureResult> {
  const result = await captureConsent(tx, app, capture, { origin: 'staff', actor: actor.id });
  if (result.outcome === 'refused') return result;
  const { contact_point_id: contactPointId } = await tx
    .selectFrom('permissions')
    .select('contact_point_id')
    .where('id', '=', result.permissionId)
    .executeTakeFirstOrThrow();
  if (scan) await keepScan(tx, app, capture, contactPointId, scan);
  const { purpose, channel, basis, method = null } = capture;
  const { state, grade, missing, told } = result;
  await recordAudit(
    tx,
    app.now().toISOString(),
    actor,
    'permissions.captured',
    `permission:${result.permissionId}`,
    { purpose, channel, basis, method, state, grade, missing, told },
  );
  return { ...result, contactPointId };
}

/** Under the person's key, like all evidence: who is erased takes their signature along. */
async function keepScan(
  tx: Tx,
  app: App,
  { contact_point, channel }: Capture,
  contactPointId: string,
  { sha256, type, bytes }: Scan,
): Promise<void> {
  const owners = await findByAddress(tx, app.keys, readAddress(app.keys, contact_point, channel));
  const owner = owners.find(({ points }) => points.some(({ id }) => id === contactPointId));
  if (!owner) return;
  await recordEvidence(tx, owner.person, {
    act: 'capture',
    at: app.now().toISOString(),
    locale: owner.locale,
    consents: [],
    action: 'scan',
    typed: { scan_sha256: sha256, scan_type: type, scan_base64: Buffer.from(bytes).toString('base64') },
  });
}
