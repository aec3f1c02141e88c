import type { Tx } from '#db/connect.ts';
import type { FormDefinition } from './form-definition.ts';
import { publishForm } from './publish-form.ts';

/** A new version of a form with the choices of the last one, in the words that are live now. */
export async function republishForm(
  tx: Tx,
  formId: string,
  at: string,
): Promise<{ versionId: string; key: string; number: number }> {
  const last = await tx
    .selectFrom('forms')
    .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
    .select('form_versions.definition')
    .where('forms.id', '=', formId)
    .executeTakeFirstOrThrow();
  const { form, number, locales, fields, consents, words } = JSON.parse(last.definition) as FormDefinition;
  const draft = { locales, fields, consents: consents.map(({ value }) => value), words };
  const versionId = await publishForm(tx, formId, draft, at);
  return { versionId, key: form, number: number + 1 };
}
