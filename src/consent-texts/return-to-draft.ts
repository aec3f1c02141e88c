import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordStep } from './steps.ts';
import type { Clocked, TextRefusal } from './text-refusal.ts';
import { findVersion, moveVersion } from './text-version.ts';

/** Returns a version in review to its author, with a note. */
export async function returnToDraft(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  note: string,
): Promise<{ outcome: 'returned' } | TextRefusal> {
  requireAbility(actor, 'texts.write');
  const at = now().toISOString();
  return db.transaction().execute(async (tx) => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' as const };
    const moved = version.state === 'in_review' && (await moveVersion(tx, version, { state: 'draft' }));
    if (!moved) return { outcome: 'wrong_state' as const, version };
    await recordStep(tx, version, { kind: 'returned', at, actor, note });
    return { outcome: 'returned' as const };
  });
}
