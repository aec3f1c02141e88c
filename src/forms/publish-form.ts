import { createHash } from 'node:crypto';
import type { Tx } from '#db/connect.ts';
import { newId } from '#src/ids.ts';
import { composeForm } from './compose-form.ts';
import type { FormDraft } from './form-draft.ts';
import { shownHtml } from './shown-html.ts';

/**
 * Freezes what the form shows from now on: every text version, every word, and the HTML itself. Throws when a
 * text is missing in one of the languages: nothing is asked in words that are not live.
 */
export async function publishForm(tx: Tx, formId: string, draft: FormDraft, at: string): Promise<string> {
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
  const pages = draft.locales.map((locale) => {
    const html = shownHtml(definition, locale);
    return { locale, html, sha256: hashOf(html) };
  });
  for (const { locale, sha256 } of pages) definition.shown[locale] = sha256;
  const json = JSON.stringify(definition);
  const id = newId();
  await tx
    .insertInto('form_versions')
    .values({
      id,
      form_id: formId,
      number,
      definition: json,
      sha256: hashOf(json),
      published_at: at,
    })
    .execute();
  await tx
    .insertInto('form_version_pages')
    .values(pages.map((page) => ({ ...page, version_id: id })))
    .execute();
  await tx.updateTable('forms').set({ current_version_id: id }).where('id', '=', formId).execute();
  return id;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
