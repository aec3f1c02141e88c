import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordStep } from './steps.ts';
import type { Clocked, TextRefusal } from './text-refusal.ts';
import { findVersion } from './text-version.ts';

/** Deletes a draft that was never in review. The history keeps its wording and who deleted it. */
export async function discardDraft(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  revision: number,
): Promise<{ outcome: 'discarded' } | TextRefusal> {
  requireAbility(actor, 'texts.write');
  const at = now().toISOString();
  return db.transaction().execute(async (tx) => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' as const };
    const { numDeletedRows } = await tx
      .deleteFrom('consent_text_versions')
      .where('id', '=', versionId)
      .where('state', '=', 'draft')
      .where('revision', '=', revision)
      .executeTakeFirst();
    if (Number(numDeletedRows) === 0) return { outcome: 'wrong_state' as const, version };
    const details = { wording: version.wording };
    await recordStep(tx, version, { kind: 'discarded', at, actor, details });
    return { outcome: 'discarded' as const };
  });
}
