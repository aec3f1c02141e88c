import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordStep } from './steps.ts';
import type { Clocked, TextRefusal } from './text-refusal.ts';
import { findVersion, moveVersion } from './text-version.ts';

/** Rejects a version in review, permanently, with a reason. */
export async function rejectVersion(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  reason: string,
): Promise<{ outcome: 'rejected' } | { outcome: 'reason_missing' } | TextRefusal> {
  requireAbility(actor, 'texts.approve');
  if (reason.trim() === '') return { outcome: 'reason_missing' };
  const at = now().toISOString();
  return db.transaction().execute(async (tx) => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' as const };
    const moved = version.state === 'in_review' && (await moveVersion(tx, version, { state: 'rejected' }));
    if (!moved) return { outcome: 'wrong_state' as const, version };
    const details = { sha256: version.sha256 };
    await recordStep(tx, version, { kind: 'rejected', at, actor, note: reason, details });
    return { outcome: 'rejected' as const };
  });
}
