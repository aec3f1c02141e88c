import type { Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { findOwner } from '#src/people/find-owner.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import type { Capture } from './capture.ts';
import { captureConsent } from './capture-consent.ts';
import type { CaptureResult } from './capture-result.ts';
import { type Correction, type CorrectResult, correctCapture } from './correct-capture.ts';
import { storeFile } from './evidence-files.ts';
import { type NotifiedBy, notifyPerson } from './notify-person.ts';
import type { Scan } from './scan.ts';

export type DeskCaptureResult =
  | Extract<CaptureResult, { outcome: 'refused' }>
  | { outcome: 'not_correctable' }
  | (Extract<CaptureResult, { outcome: 'captured' }> & { contactPointId: string });

/** Optional parts of a capture at the desk. */
export interface DeskCapture {
  scan?: Scan;
  /** The person on whose page the capture was entered. */
  personId?: string;
  /** The earlier capture that this one replaces. */
  correction?: Correction;
}

/**
 * Records what a person said or signed, with its scan and the staff member. A correction ends the earlier capture in
 * the same transaction, so that it stays in force if the new capture is refused.
 */
export async function captureAtDesk(
  app: App,
  actor: Actor,
  capture: Capture,
  more: DeskCapture = {},
): Promise<DeskCaptureResult> {
  requireAbility(actor, 'permissions.capture');
  const act = () =>
    app.db
      .transaction()
      .execute((tx) => captureIn(tx, app, actor, capture, more))
      .catch((error) => (error instanceof CaptureRefused ? error.result : Promise.reject(error)));
  // Of two concurrent first captures of one address, the second is retried and then finds the person.
  const result = await act().catch((error) => (isUniqueViolation(error) ? act() : Promise.reject(error)));
  app.mailsQueued();
  return result;
}

async function captureIn(
  tx: Tx,
  app: App,
  actor: Actor,
  capture: Capture,
  { scan, personId, correction }: DeskCapture,
): Promise<DeskCaptureResult> {
  const corrected = correction && (await correctIn(tx, app, actor, correction));
  if (corrected?.outcome === 'not_correctable') return corrected;
  const owner = corrected?.person.id ?? personId;
  const by = {
    origin: 'staff',
    actor: actor.id,
    personId: owner,
    corrects: corrected !== undefined,
  } as const;
  const result = await captureConsent(tx, app, capture, by);
  if (result.outcome === 'refused') throw new CaptureRefused(result);
  const { contact_point_id: contactPointId, person_id } = await tx
    .selectFrom('permissions')
    .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
    .select(['permissions.contact_point_id', 'contact_points.person_id'])
    .where('permissions.id', '=', result.permissionId)
    .executeTakeFirstOrThrow();
  const owned = scan && (await findOwner(tx, app.keys, contactPointId));
  if (owned) await storeFile(tx, app.now().toISOString(), owned, scan);
  // One message covers the old and the new capture, unless they differ in purpose, channel or person.
  const same = purposeAndChannel(capture) === (corrected && purposeAndChannel(corrected.change));
  const separately =
    corrected && (!same || result.notifiedBy === 'nothing' || person_id !== corrected.person.id);
  if (separately) await notifyPerson(tx, app.now().toISOString(), corrected, [corrected.change]);
  const { purpose, channel, basis, method = null } = capture;
  const { state, grade, missing, notifiedBy } = result;
  await recordAudit(
    tx,
    app.now().toISOString(),
    actor,
    'permissions.captured',
    `permission:${result.permissionId}`,
    { purpose, channel, basis, method, state, grade, missing, told: notifiedBy },
  );
  return { ...result, contactPointId };
}

function purposeAndChannel({ purpose, channel }: Pick<Capture, 'purpose' | 'channel'>): string {
  return `${purpose}:${channel}`;
}

/** Rolls the transaction back and carries the result out of it. */
class CaptureRefused extends Error {
  readonly result: DeskCaptureResult;

  constructor(result: DeskCaptureResult) {
    super('the capture was refused');
    this.result = result;
  }
}

/** Revokes a wrong capture without a replacement. */
export async function revokeCaptureAtDesk(
  app: App,
  actor: Actor,
  correction: Correction,
): Promise<{ outcome: 'not_correctable' } | { outcome: 'taken_back'; notifiedBy: NotifiedBy }> {
  requireAbility(actor, 'permissions.capture');
  const result = await app.db.transaction().execute(async (tx) => {
    const corrected = await correctIn(tx, app, actor, correction);
    if (corrected.outcome === 'not_correctable') return corrected;
    const notifiedBy = await notifyPerson(tx, app.now().toISOString(), corrected, [corrected.change]);
    return { outcome: 'taken_back', notifiedBy } as const;
  });
  app.mailsQueued();
  return result;
}

async function correctIn(tx: Tx, app: App, actor: Actor, correction: Correction): Promise<CorrectResult> {
  const corrected = await correctCapture(tx, app, correction, actor.id);
  if (corrected.outcome === 'not_correctable') return corrected;
  const { purpose, channel, from, to } = corrected.change;
  const subject = `permission:${corrected.permissionId}`;
  const { eventId, wrong } = correction;
  const details = { purpose, channel, from, to, event: eventId, wrong };
  await recordAudit(tx, app.now().toISOString(), actor, 'permissions.corrected', subject, details);
  return corrected;
}
