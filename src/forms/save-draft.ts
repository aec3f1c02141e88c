import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { changesBetween } from '#src/staff/changes.ts';
import { type FormDraft, loadDraft, type SavedDraft } from './form-draft.ts';

export type SaveDraftResult =
  | { outcome: 'saved'; revision: number }
  | { outcome: 'unknown' }
  /** Someone else has saved since the page was opened. Nothing was written. */
  | { outcome: 'changed_meanwhile'; saved: SavedDraft };

/** Saves a draft, finished or not. The published version does not change. */
export async function saveDraft(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  key: string,
  typed: { revision: number; draft: FormDraft },
): Promise<SaveDraftResult> {
  requireAbility(actor, 'forms.write');
  const at = app.now().toISOString();
  return app.db.transaction().execute((tx) => storeDraft(tx, actor, key, typed, at));
}

export async function storeDraft(
  tx: Tx,
  actor: Actor,
  key: string,
  { revision, draft }: { revision: number; draft: FormDraft },
  at: string,
): Promise<SaveDraftResult> {
  const form = await tx.selectFrom('forms').select('id').where('key', '=', key).executeTakeFirst();
  if (!form) return { outcome: 'unknown' };
  const before = await loadDraft(tx, form.id);
  if (before.revision !== revision) return { outcome: 'changed_meanwhile', saved: before };
  const changes = changesBetween(before.draft, draft);
  if (revision > 0 && Object.keys(changes).length === 0) return { outcome: 'saved', revision };
  if (!(await writeDraft(tx, form.id, { revision, draft }, actor.name, at))) {
    return { outcome: 'changed_meanwhile', saved: await loadDraft(tx, form.id) };
  }
  if (Object.keys(changes).length > 0) {
    await recordAudit(tx, at, actor, 'form.changed', `form:${key}`, changes);
  }
  return { outcome: 'saved', revision: revision + 1 };
}

/** One conditional write, so that of two people who save at the same time, one succeeds. */
async function writeDraft(
  tx: Tx,
  formId: string,
  { revision, draft }: { revision: number; draft: FormDraft },
  changedBy: string,
  at: string,
): Promise<boolean> {
  const row = { draft: JSON.stringify(draft), revision: revision + 1, changed_at: at, changed_by: changedBy };
  if (revision === 0) {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('form_drafts')
      .values({ ...row, form_id: formId })
      .onConflict((conflict) => conflict.column('form_id').doNothing())
      .executeTakeFirst();
    return Number(numInsertedOrUpdatedRows) === 1;
  }
  const { numUpdatedRows } = await tx
    .updateTable('form_drafts')
    .set(row)
    .where('form_id', '=', formId)
    .where('revision', '=', revision)
    .executeTakeFirst();
  return Number(numUpdatedRows) === 1;
}
