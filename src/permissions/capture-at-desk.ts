import type { Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { ownerOf } from '#src/people/owner-of.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import type { Capture } from './capture.ts';
import { type CaptureResult, captureConsent } from './capture-consent.ts';
import { type Correction, type CorrectResult, correctCapture } from './correct-capture.ts';
import { keepFile } from './evidence-files.ts';
import type { Scan } from './scan.ts';
import { type Told, tellPerson } from './tell-person.ts';

export type DeskCaptureResult =
  | Extract<CaptureResult, { outcome: 'refused' }>
  | { outcome: 'not_correctable' }
  | (Extract<CaptureResult, { outcome: 'captured' }> & { contactPointId: string });

/** What the desk knows besides what was said. */
export interface DeskCapture {
  scan?: Scan;
  /** The person whose page it was taken down on. */
  personId?: string;
  /** What it takes the place of. */
  correction?: Correction;
}

/**
 * Takes down what a person said or signed, with the scan of what was signed, and who took it down. Where it mends
 * what was taken down before, that ends in the same transaction: where the new is refused, the old still stands.
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
      .catch((error) => (error instanceof NothingKept ? error.result : Promise.reject(error)));
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
  { scan, personId, correction }: DeskCapture,
): Promise<DeskCaptureResult> {
  const mended = correction && (await correctIn(tx, app, actor, correction));
  if (mended?.outcome === 'not_correctable') return mended;
  const owner = mended?.person.id ?? personId;
  const by = { origin: 'staff', actor: actor.id, personId: owner, corrects: mended !== undefined } as const;
  const result = await captureConsent(tx, app, capture, by);
  if (result.outcome === 'refused') throw new NothingKept(result);
  const { contact_point_id: contactPointId, person_id } = await tx
    .selectFrom('permissions')
    .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
    .select(['permissions.contact_point_id', 'contact_points.person_id'])
    .where('permissions.id', '=', result.permissionId)
    .executeTakeFirstOrThrow();
  const owned = scan && (await ownerOf(tx, app.keys, contactPointId));
  if (owned) await keepFile(tx, app.now().toISOString(), owned, scan);
  // The mail or letter about the new tells of the old as well, unless it is about something else or to somebody else.
  const same = purposeAndChannel(capture) === (mended && purposeAndChannel(mended.change));
  const retold = mended && (!same || result.told === 'nothing' || person_id !== mended.person.id);
  if (retold) await tellPerson(tx, app.now().toISOString(), mended, [mended.change]);
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

function purposeAndChannel({ purpose, channel }: Pick<Capture, 'purpose' | 'channel'>): string {
  return `${purpose}:${channel}`;
}

/** Carries a refusal out of a transaction that must not commit. */
class NothingKept extends Error {
  readonly result: DeskCaptureResult;

  constructor(result: DeskCaptureResult) {
    super('nothing is kept of it');
    this.result = result;
  }
}

/** Takes back what was taken down wrongly, when nothing is to take its place. */
export async function takeBackAtDesk(
  app: App,
  actor: Actor,
  correction: Correction,
): Promise<{ outcome: 'not_correctable' } | { outcome: 'taken_back'; told: Told }> {
  requireAbility(actor, 'permissions.capture');
  const result = await app.db.transaction().execute(async (tx) => {
    const mended = await correctIn(tx, app, actor, correction);
    if (mended.outcome === 'not_correctable') return mended;
    const told = await tellPerson(tx, app.now().toISOString(), mended, [mended.change]);
    return { outcome: 'taken_back', told } as const;
  });
  app.mailsQueued();
  return result;
}

async function correctIn(tx: Tx, app: App, actor: Actor, correction: Correction): Promise<CorrectResult> {
  const mended = await correctCapture(tx, app, correction, actor.id);
  if (mended.outcome === 'not_correctable') return mended;
  const { purpose, channel, from, to } = mended.change;
  const subject = `permission:${mended.permissionId}`;
  const { eventId, wrong } = correction;
  const details = { purpose, channel, from, to, event: eventId, wrong };
  await recordAudit(tx, app.now().toISOString(), actor, 'permissions.corrected', subject, details);
  return mended;
}
