import type { Tx } from '#db/connect.ts';
import type { TextChange } from '#db/schema/consent-texts.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { wordingHash } from './canonical-wording.ts';
import { type Check, checkVersion } from './check-version.ts';
import { currentNames, readNames } from './frozen-names.ts';
import type { Opened } from './send-to-review.ts';
import { recordStep, writersOf } from './steps.ts';
import { type DetectedChange, detectChanges, mustBeMaterial, nextNumber } from './text-change.ts';
import type { Clocked, TextRefusal } from './text-refusal.ts';
import { findVersion, moveVersion, type TextVersion, versionsOfText } from './text-version.ts';
import { rulesVersion } from './wording-check/rules.ts';

export interface Approval extends Opened {
  change: TextChange;
  note: string;
}

export type ApproveResult =
  | { outcome: 'approved'; number: string; change: TextChange; seen: DetectedChange[] }
  /** The authors of a text cannot approve it. */
  | { outcome: 'own_work' }
  | { outcome: 'changed_since_opened'; version: TextVersion }
  | { outcome: 'note_missing' }
  | { outcome: 'blocked' | 'not_acknowledged'; check: Check }
  | TextRefusal;

/**
 * Approval by a second person. Fixes wording, hash, names and number; from then on the database refuses changes to
 * them. The page asks for the password again before it calls this.
 */
export async function approveVersion(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  approval: Approval,
): Promise<ApproveResult> {
  requireAbility(actor, 'texts.approve');
  if (approval.note.trim() === '') return { outcome: 'note_missing' };
  const at = now().toISOString();
  return db.transaction().execute(async (tx): Promise<ApproveResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (version.state !== 'in_review') return { outcome: 'wrong_state', version };
    const writers = await writersOf(tx, versionId);
    if (version.author_id === actor.id || writers.includes(actor.id)) return { outcome: 'own_work' };
    if (!isWhatWasOpened(version, approval)) return { outcome: 'changed_since_opened', version };
    const check = await checkVersion(tx, version);
    if (check.errors.length > 0) return { outcome: 'blocked', check };
    if (check.warnings.length > 0) return { outcome: 'not_acknowledged', check };
    return fix(tx, actor, version, approval, at);
  });
}

/** Computes the hash from the wording instead of trusting the stored column. */
function isWhatWasOpened(version: TextVersion, opened: Opened): boolean {
  return version.revision === opened.revision && wordingHash(version.wording) === opened.sha256;
}

async function fix(
  tx: Tx,
  actor: Actor,
  version: TextVersion,
  approval: Approval,
  at: string,
): Promise<ApproveResult> {
  const names = await currentNames(tx, version);
  const all = await versionsOfText(tx, version.text_id);
  const live = all.find(({ id }) => id === version.live_version_id);
  const seen = detectChanges(live && wordsOf(live), {
    names,
    wording: version.wording,
    locale: version.locale,
  });
  const answered = JSON.parse(version.checklist) as string[];
  const change = mustBeMaterial(seen, answered) ? 'material' : approval.change;
  const number = nextNumber(
    all.filter((other) => other.approved_at),
    live,
    change,
  );
  const sha256 = wordingHash(version.wording);
  const moved = await moveVersion(tx, version, {
    ...number,
    sha256,
    state: 'approved',
    names: JSON.stringify(names),
    approved_at: at,
    approved_by: actor.id,
    approval_note: approval.note.trim(),
    decided_change: change,
    rules_version: rulesVersion,
  });
  if (!moved) return { outcome: 'changed_since_opened', version };
  const numbered = `${number.major}.${number.minor}`;
  const details = { sha256, change, number: numbered, seen, proposed_change: version.proposed_change };
  await recordStep(tx, version, { kind: 'approved', at, actor, note: approval.note, details });
  return { outcome: 'approved', number: numbered, change, seen };
}

function wordsOf(version: TextVersion) {
  return { names: readNames(version), wording: version.wording, locale: version.locale };
}
