import type { Tx } from '#db/connect.ts';
import { liveDraft } from './form-draft.ts';
import { publishForm } from './publish-form.ts';

/** A new version of a form with the choices of the last one, in the words that are live now. */
export async function republishForm(
  tx: Tx,
  formId: string,
  at: string,
): Promise<{ versionId: string; key: string; number: number }> {
  const draft = await liveDraft(tx, formId);
  if (!draft) throw new Error(`Form ${formId} was never published.`);
  const versionId = await publishForm(tx, formId, draft, at);
  const { key, number } = await tx
    .selectFrom('forms')
    .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
    .select(['forms.key', 'form_versions.number'])
    .where('forms.id', '=', formId)
    .executeTakeFirstOrThrow();
  return { versionId, key, number };
}
