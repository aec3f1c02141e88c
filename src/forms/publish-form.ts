import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '#db/connect.ts';
import { composeForm } from './compose-form.ts';
import { findFormVersion } from './find-form.ts';
import type { FormDefinition } from './form-definition.ts';
import type { FormDraft } from './form-draft.ts';
import { freezeVersion, shownHashes } from './freeze-version.ts';

/**
 * Publishes a new version of a form: freezes all texts and the HTML. Throws if a box has no live text in one of the
 * languages. Returns the version id.
 */
export async function publishForm(tx: Tx, formId: string, draft: FormDraft, at: string): Promise<string> {
  return freezeVersion(tx, formId, await nextVersion(tx, formId, draft), at);
}

/** The same, but creates no version if nothing has changed. */
export async function publishChanges(
  tx: Tx,
  formId: string,
  draft: FormDraft,
  at: string,
): Promise<{ versionId: string; changed: boolean }> {
  const next = await nextVersion(tx, formId, draft);
  const { current_version_id: currentId } = await tx
    .selectFrom('forms')
    .select('current_version_id')
    .where('id', '=', formId)
    .executeTakeFirstOrThrow();
  const current = currentId === null ? undefined : await findFormVersion(tx, currentId);
  if (currentId !== null && current && isTheSame(current.definition, next)) {
    return { versionId: currentId, changed: false };
  }
  return { versionId: await freezeVersion(tx, formId, next, at), changed: true };
}

async function nextVersion(tx: Tx, formId: string, draft: FormDraft): Promise<Omit<FormDefinition, 'shown'>> {
  // Updates the form first, so that a concurrent publication waits and gets the next number.
  await tx
    .updateTable('forms')
    .set({
      default_locale: draft.defaultLocale,
      allowed_origins: JSON.stringify(draft.sites),
      confirm_within_hours: draft.confirmWithinHours,
    })
    .where('id', '=', formId)
    .execute();
  const last = await tx
    .selectFrom('form_versions')
    .select((eb) => eb.fn.max('number').as('number'))
    .where('form_id', '=', formId)
    .executeTakeFirst();
  const number = Number(last?.number ?? 0) + 1;
  const { definition, missing } = await composeForm(tx, { id: formId, number }, draft);
  const [gap] = missing;
  if (gap) throw new Error(`${gap.value.replace(':', '/')} has no live text in "${gap.locale}".`);
  const { shown: _, ...words } = definition;
  return words;
}

/** Ignores the order of properties. */
function isTheSame(current: FormDefinition, next: Omit<FormDefinition, 'shown'>): boolean {
  const candidate = { ...next, number: current.number, shown: shownHashes(next) };
  return isDeepStrictEqual(JSON.parse(JSON.stringify(candidate)), current);
}
