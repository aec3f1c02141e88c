import type { Db } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';

/** The heading of each form version, by language. */
export type FormTitles = Map<string, Partial<Record<Locale, string>>>;

// A cache without eviction: versions never change, and there are few.
const cache: FormTitles = new Map();

export async function formTitles(db: Db, versionIds: string[]): Promise<FormTitles> {
  const missing = [...new Set(versionIds)].filter((id) => !cache.has(id));
  if (missing.length === 0) return cache;
  const rows = await db
    .selectFrom('form_versions')
    .select(['id', 'definition'])
    .where('id', 'in', missing)
    .execute();
  for (const { id, definition } of rows) cache.set(id, headingsOf(definition));
  return cache;
}

function headingsOf(definition: string): Partial<Record<Locale, string>> {
  const { words } = JSON.parse(definition) as { words: Record<string, { heading: string }> };
  return Object.fromEntries(Object.entries(words).map(([locale, { heading }]) => [locale, heading]));
}
