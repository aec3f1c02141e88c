import { createHash } from 'node:crypto';
import type { Tx } from '#db/connect.ts';
import { newId } from '#src/ids/new-id.ts';
import type { FormDefinition } from './form-definition.ts';
import { shownHtml } from './shown-html.ts';

/** Stores a version permanently, with the HTML that this release renders, and publishes it. Returns its id. */
export async function freezeVersion(
  tx: Tx,
  formId: string,
  words: Omit<FormDefinition, 'shown'>,
  at: string,
): Promise<string> {
  const pages = pagesOf(words);
  const definition: FormDefinition = { ...words, shown: hashesOf(pages) };
  const json = JSON.stringify(definition);
  const id = newId();
  await tx
    .insertInto('form_versions')
    .values({
      id,
      form_id: formId,
      number: definition.number,
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

/** The hashes of the pages as this release renders them. */
export function shownHashes(words: Omit<FormDefinition, 'shown'>): FormDefinition['shown'] {
  return hashesOf(pagesOf(words));
}

/** Whether this release renders exactly the HTML that was frozen. */
export function looksAsFrozen({ shown, ...words }: FormDefinition): boolean {
  const now = shownHashes(words);
  return words.locales.every((locale) => shown[locale] === now[locale]);
}

function pagesOf(words: Omit<FormDefinition, 'shown'>) {
  return words.locales.map((locale) => {
    const html = shownHtml(words, locale);
    return { locale, html, sha256: hashOf(html) };
  });
}

function hashesOf(pages: ReturnType<typeof pagesOf>): FormDefinition['shown'] {
  return Object.fromEntries(pages.map(({ locale, sha256 }) => [locale, sha256]));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
