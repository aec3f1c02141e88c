import type { App } from '#src/app/app.ts';
import { defaultLocale } from '#src/i18n/locales.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { lockLiveTexts } from './compose-form.ts';
import { type DescribedDraft, describeDraft } from './describe-draft.ts';
import { originsOf } from './draft-faults.ts';
import type { FormDraft, SavedDraft } from './form-draft.ts';
import { publishChanges } from './publish-form.ts';
import { storeDraft } from './save-draft.ts';

export type PublishDraftResult =
  | { outcome: 'published'; number: number }
  /** The published version is identical, so no new one was created. */
  | { outcome: 'unchanged'; number: number }
  | { outcome: 'unknown' }
  /** Saved as a draft; the published version stays. */
  | { outcome: 'blocked'; revision: number; described: DescribedDraft }
  | { outcome: 'changed_meanwhile'; saved: SavedDraft };

/**
 * Publishes a form from its draft, and restores it if it was archived. Faults are checked in the same transaction,
 * because a text may have been retired since the editor was opened.
 */
export async function publishDraft(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  key: string,
  typed: { revision: number; draft: FormDraft },
): Promise<PublishDraftResult> {
  requireAbility(actor, 'forms.write');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx): Promise<PublishDraftResult> => {
    await lockLiveTexts(tx, typed.draft.consents);
    const saved = await storeDraft(tx, actor, key, typed, at);
    if (saved.outcome !== 'saved') return saved;
    const form = await tx
      .selectFrom('forms')
      .select(['id', 'controller_id', 'archived_at'])
      .where('key', '=', key)
      .executeTakeFirstOrThrow();
    const described = await describeDraft(tx, form, typed.draft, actor.locale ?? defaultLocale);
    if (!described.publishable) return { outcome: 'blocked', revision: saved.revision, described };
    const draft = { ...typed.draft, sites: originsOf(typed.draft) };
    const { versionId, changed } = await publishChanges(tx, form.id, draft, at);
    await tx.updateTable('forms').set({ archived_at: null }).where('id', '=', form.id).execute();
    const version = await tx
      .selectFrom('form_versions')
      .select(['number', 'sha256'])
      .where('id', '=', versionId)
      .executeTakeFirstOrThrow();
    if (!changed && form.archived_at === null) return { outcome: 'unchanged', number: version.number };
    await recordAudit(tx, at, actor, 'form.published', `form:${key}`, { ...version });
    return { outcome: 'published', number: version.number };
  });
}
