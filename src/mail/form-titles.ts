import type { Db } from '#db/connect.ts';
import type { Locale } from '#db/schema.ts';

/** The heading of each form version by language, as its page shows it. */
export type FormTitles = Map<string, Partial<Record<Locale, string>>>;

// A version never changes, and there are few of them.
const known: FormTitles = new Map();

export async function formTitles(db: Db, versionIds: string[]): Promise<FormTitles> {
  const missing = [...new Set(versionIds)].filter((id) => !known.has(id));
  if (missing.length === 0) return known;
  const rows = await db
    .selectFrom('form_versions')
    .select(['id', 'definition'])
    .where('id', 'in', missing)
    .execute();
  for (const { id, definition } of rows) known.set(id, headingsOf(definition));
  return known;
}

function headingsOf(definition: string): Partial<Record<Locale, string>> {
  const { words } = JSON.parse(definition) as { words: Record<string, { heading: string }> };
  return Object.fromEntries(Object.entries(words).map(([locale, { heading }]) => [locale, heading]));
}
