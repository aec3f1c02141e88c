import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { canonicalWording, wordingHash } from './canonical-wording.ts';
import { type Check, checkVersion } from './check-version.ts';
import { recordStep } from './steps.ts';
import { type ChecklistItem, checklist } from './text-change.ts';
import type { Clocked, TextRefusal } from './text-refusal.ts';
import { findVersion, moveVersion, type TextVersion } from './text-version.ts';
import { rulesVersion } from './wording-check/rules.ts';

export interface DraftInput {
  /** The revision that the author opened, to detect conflicting changes. */
  revision: number;
  wording: string;
  change: 'editorial' | 'material';
  checklist: ChecklistItem[];
  note: string;
}

export type SaveDraftResult =
  | { outcome: 'saved'; revision: number; check: Check }
  /** Someone else saved in between: the current version and the author's own input. */
  | { outcome: 'stale'; current: TextVersion; own: DraftInput; savedBy: string }
  | { outcome: 'too_long'; most: number; own: DraftInput }
  | TextRefusal;

export const maxWordingLength = 5000;

/** Saves a draft and checks its wording. Findings never prevent saving. */
export async function saveDraft(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  input: DraftInput,
): Promise<SaveDraftResult> {
  requireAbility(actor, 'texts.write');
  const wording = canonicalWording(input.wording);
  if (wording.length > maxWordingLength) return { outcome: 'too_long', most: maxWordingLength, own: input };
  const at = now().toISOString();
  return db.transaction().execute(async (tx): Promise<SaveDraftResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (version.state !== 'draft') return { outcome: 'wrong_state', version };
    const next = {
      wording,
      sha256: wordingHash(wording),
      proposed_change: input.change,
      checklist: JSON.stringify(checklist.filter((item) => input.checklist.includes(item))),
      author_note: input.note.trim() || null,
      rules_version: rulesVersion,
    };
    if (version.revision === input.revision && isSame(version, next)) {
      return { outcome: 'saved', revision: version.revision, check: await checkVersion(tx, version) };
    }
    const moved = version.revision === input.revision && (await moveVersion(tx, version, next));
    if (!moved) {
      const current = (await findVersion(tx, versionId)) ?? version;
      return { outcome: 'stale', current, own: input, savedBy: await lastWriter(tx, versionId) };
    }
    await recordStep(tx, version, { kind: 'edited', at, actor, details: { sha256: next.sha256 } });
    const check = await checkVersion(tx, { ...version, ...next });
    return { outcome: 'saved', revision: version.revision + 1, check };
  });
}

/** An unchanged save does not make someone an author. */
function isSame(version: TextVersion, next: Partial<TextVersion>): boolean {
  const keys = ['wording', 'proposed_change', 'checklist', 'author_note'] as const;
  return keys.every((key) => version[key] === next[key]);
}

async function lastWriter(tx: Parameters<typeof findVersion>[0], versionId: string): Promise<string> {
  const step = await tx
    .selectFrom('consent_text_steps')
    .select('actor_name')
    .where('version_id', '=', versionId)
    .where('kind', 'in', ['created', 'edited'])
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return step?.actor_name ?? '';
}
