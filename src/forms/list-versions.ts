import type { Db } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { type FormDefinition, readDefinition } from './form-definition.ts';

/** A version as it was frozen. */
export interface ListedVersion {
  id: string;
  number: number;
  publishedAt: string;
  sha256: string;
  definition: FormDefinition;
}

/** Every version of a form, newest first. */
export async function listVersions(db: Db, formId: string): Promise<ListedVersion[]> {
  const rows = await db
    .selectFrom('form_versions')
    .selectAll()
    .where('form_id', '=', formId)
    .orderBy('number', 'desc')
    .execute();
  return rows.map(({ id, number, published_at, sha256, definition }) => ({
    id,
    number,
    publishedAt: published_at,
    sha256,
    definition: readDefinition(definition),
  }));
}

/** The exact HTML that a version showed. */
export async function frozenPage(
  db: Db,
  versionId: string,
  locale: Locale,
): Promise<{ html: string; sha256: string } | undefined> {
  return db
    .selectFrom('form_version_pages')
    .select(['html', 'sha256'])
    .where('version_id', '=', versionId)
    .where('locale', '=', locale)
    .executeTakeFirst();
}
