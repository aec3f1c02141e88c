import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { type FormDefinition, readDefinition } from '#src/forms/form-definition.ts';
import { inLocale } from '#src/i18n/locales.ts';
import { compare } from './by-then.ts';
import { readLogPlaces } from './log-places.ts';
import type { StoryForm, StoryFormPage } from './story-documents.ts';
import type { StoryEvent } from './story-events.ts';

/** The versions of forms that these events came from, as they were shown. */
export async function readForms(db: Db, events: StoryEvent[], at: string): Promise<StoryForm[]> {
  const ids = [...new Set(events.flatMap(({ formVersionId }) => formVersionId ?? []))];
  const rows = await db
    .selectFrom('form_versions as version')
    .innerJoin('forms', 'forms.id', 'version.form_id')
    .selectAll('version')
    .select('forms.key')
    .where(isOneOf(db, 'version.id', ids))
    .orderBy('version.id')
    .execute();
  const kept = await db
    .selectFrom('form_version_pages')
    .selectAll()
    .where(isOneOf(db, 'version_id', ids))
    .execute();
  const placesOf = await readLogPlaces(db, ids, at);
  return rows.map((row): StoryForm => {
    const definition = readDefinition(row.definition);
    const htmlIn = (locale: string) =>
      kept.find((page) => page.version_id === row.id && page.locale === locale)?.html ?? null;
    return {
      versionId: row.id,
      formId: row.form_id,
      key: row.key,
      number: row.number,
      publishedAt: row.published_at,
      definition: row.definition,
      sha256: row.sha256,
      pages: pagesOf(events, row.id, definition, htmlIn),
      notice: {
        version: definition.controller.privacy_version,
        url: definition.controller.privacy_url,
      },
      log: placesOf('form_version', row.id),
    };
  });
}

function pagesOf(
  events: StoryEvent[],
  versionId: string,
  definition: FormDefinition,
  htmlIn: (locale: string) => string | null,
): StoryFormPage[] {
  const seen = events.flatMap(({ formVersionId, evidence }) =>
    formVersionId === versionId && evidence?.content?.act === 'request' ? [evidence.content] : [],
  );
  const byLocale = Map.groupBy(seen, ({ locale }) => locale);
  return [...byLocale]
    .sort(([a], [b]) => compare(a, b))
    .map(([locale, contents]) => {
      const words = inLocale(definition.words, locale);
      return {
        locale,
        heading: words.heading,
        closing: words.notice,
        html: htmlIn(locale),
        sha256: definition.shown[locale] ?? null,
        seenOn: [...new Set(contents.flatMap(({ page_url }) => page_url ?? []))],
      };
    });
}
