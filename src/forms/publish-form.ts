import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '#db/connect.ts';
import { composeForm } from './compose-form.ts';
import { findFormVersion } from './find-form.ts';
import type { FormDefinition } from './form-definition.ts';
import type { FormDraft } from './form-draft.ts';
import { freezeVersion, shownHashes } from './freeze-version.ts';

/**
 * Freezes what the form shows from now on: every text version, every word, and the HTML itself. Throws when a
 * text is missing in one of the languages: nothing is asked in words that are not live.
 */
export async function publishForm(tx: Tx, formId: string, draft: FormDraft, at: string): Promise<string> {
  return freezeVersion(tx, formId, await nextVersion(tx, formId, draft), at);
}

/** The same, unless it would be the version that is out once more: then nothing is made. */
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
  // First of all the form, so that of two publications at once the second waits and counts on.
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

/** Whatever the order in which it was written down. */
function isTheSame(current: FormDefinition, next: Omit<FormDefinition, 'shown'>): boolean {
  const candidate = { ...next, number: current.number, shown: shownHashes(next) };
  return isDeepStrictEqual(JSON.parse(JSON.stringify(candidate)), current);
}
