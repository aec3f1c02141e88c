import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordStep } from './steps.ts';
import type { Clocked, TextRefusal } from './text-refusal.ts';
import { findVersion, moveVersion } from './text-version.ts';

export type InvalidateResult =
  | { outcome: 'invalidated' }
  | { outcome: 'already_invalid' | 'reason_missing' }
  /** The text must be stopped first, by another person. */
  | { outcome: 'not_stopped' | 'own_stop' }
  | TextRefusal;

/**
 * A second person declares a stopped text invalid, permanently. From then on, permissions given to it cannot be used.
 * Stopping has already removed it from all forms.
 */
export async function invalidateVersion(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  reason: string,
): Promise<InvalidateResult> {
  requireAbility(actor, 'texts.approve');
  if (reason.trim() === '') return { outcome: 'reason_missing' };
  const at = now().toISOString();
  return db.transaction().execute(async (tx): Promise<InvalidateResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (!version.approved_at) return { outcome: 'wrong_state', version };
    if (version.invalidated_at) return { outcome: 'already_invalid' };
    if (!version.stopped_at) return { outcome: 'not_stopped' };
    if (version.stopped_by === actor.id) return { outcome: 'own_stop' };
    const set = { invalidated_at: at, invalidated_by: actor.id, invalid_reason: reason.trim() };
    if (!(await moveVersion(tx, version, set))) return { outcome: 'wrong_state', version };
    await recordStep(tx, version, { kind: 'invalidated', at, actor, note: reason });
    return { outcome: 'invalidated' };
  });
}
