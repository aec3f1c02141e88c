import { type Actor, requireRole } from '#src/staff/actor.ts';
import { liveFormsAsking } from './live-forms.ts';
import { recordStep } from './steps.ts';
import type { Desk, Refusal } from './text-desk.ts';
import { findVersion, moveVersion } from './text-version.ts';

export type InvalidateResult =
  /** `forms` still ask with these words: what they bring in will not be usable either. */
  { outcome: 'invalidated'; forms: string[] } | { outcome: 'already_invalid' | 'reason_missing' } | Refusal;

/** A person says that these words do not hold. From this moment permissions under them are not usable. */
export async function invalidateVersion(
  { db, now }: Desk,
  actor: Actor,
  versionId: string,
  reason: string,
): Promise<InvalidateResult> {
  requireRole(actor, 'texts.approve');
  if (reason.trim() === '') return { outcome: 'reason_missing' };
  const at = now().toISOString();
  return db.transaction().execute(async (tx): Promise<InvalidateResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (!version.approved_at) return { outcome: 'wrong_state', version };
    if (version.invalidated_at) return { outcome: 'already_invalid' };
    const set = { invalidated_at: at, invalidated_by: actor.id, invalid_reason: reason.trim() };
    if (!(await moveVersion(tx, version, set))) return { outcome: 'wrong_state', version };
    await recordStep(tx, version, { kind: 'invalidated', at, actor, note: reason });
    const forms = version.state === 'live' ? await liveFormsAsking(tx, version) : [];
    const asking = forms.filter((form) => form.locales.includes(version.locale));
    return { outcome: 'invalidated', forms: asking.map(({ key }) => key) };
  });
}
