import { type Actor, requireRole } from '#src/staff/actor.ts';
import { liveFormsAsking } from './live-forms.ts';
import { recordStep } from './steps.ts';
import type { Desk, Refusal } from './text-desk.ts';
import { findVersion, moveVersion } from './text-version.ts';

export type RetireResult =
  | { outcome: 'retired' }
  | { outcome: 'in_use'; forms: string[] }
  | { outcome: 'reason_missing' }
  | Refusal;

/**
 * Takes words out of use: a live version that no form shows any more, or an approved one that is not wanted
 * after all. Permissions given under it stay what they are.
 */
export async function retireVersion(
  { db, now }: Desk,
  actor: Actor,
  versionId: string,
  reason: string,
): Promise<RetireResult> {
  requireRole(actor, 'texts.approve');
  if (reason.trim() === '') return { outcome: 'reason_missing' };
  const at = now().toISOString();
  return db.transaction().execute(async (tx): Promise<RetireResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (version.state !== 'live' && version.state !== 'approved') return { outcome: 'wrong_state', version };
    const forms = version.state === 'live' ? await liveFormsAsking(tx, version) : [];
    const showing = forms.filter((form) => form.locales.includes(version.locale));
    if (showing.length > 0) return { outcome: 'in_use', forms: showing.map(({ key }) => key) };
    if (!(await moveVersion(tx, version, { state: 'retired', retired_at: at }))) {
      return { outcome: 'wrong_state', version };
    }
    await tx
      .updateTable('consent_texts')
      .set({ live_version_id: null })
      .where('live_version_id', '=', version.id)
      .execute();
    await recordStep(tx, version, { kind: 'retired', at, actor, note: reason });
    return { outcome: 'retired' };
  });
}
