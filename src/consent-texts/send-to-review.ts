import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { type Check, checkVersion } from './check-version.ts';
import { recordStep } from './steps.ts';
import type { Clocked, TextRefusal } from './text-refusal.ts';
import { findVersion, moveVersion } from './text-version.ts';
import { rulesVersion } from './wording-check/rules.ts';

/** What the person saw when they decided. */
export interface Opened {
  revision: number;
  sha256: string;
}

export type SendToReviewResult =
  | { outcome: 'sent' }
  | { outcome: 'changed_since_opened' | 'empty' | 'no_change_proposed' }
  | { outcome: 'blocked'; check: Check }
  | { outcome: 'not_acknowledged'; check: Check }
  | TextRefusal;

/** Submits a draft for review. Errors of the wording check block; warnings must be acknowledged. */
export async function sendToReview(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  opened: Opened,
): Promise<SendToReviewResult> {
  requireAbility(actor, 'texts.write');
  const at = now().toISOString();
  return db.transaction().execute(async (tx): Promise<SendToReviewResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (version.state !== 'draft') return { outcome: 'wrong_state', version };
    if (version.revision !== opened.revision || version.sha256 !== opened.sha256) {
      return { outcome: 'changed_since_opened' };
    }
    if (version.wording === '') return { outcome: 'empty' };
    if (!version.proposed_change) return { outcome: 'no_change_proposed' };
    const check = await checkVersion(tx, version);
    if (check.errors.length > 0) return { outcome: 'blocked', check };
    if (check.warnings.length > 0) return { outcome: 'not_acknowledged', check };
    const moved = await moveVersion(tx, version, { state: 'in_review', rules_version: rulesVersion });
    if (!moved) return { outcome: 'changed_since_opened' };
    const details = { sha256: version.sha256, proposed_change: version.proposed_change };
    await recordStep(tx, version, { kind: 'sent_to_review', at, actor, note: version.author_note, details });
    return { outcome: 'sent' };
  });
}
