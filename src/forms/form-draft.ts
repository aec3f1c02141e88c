import type { Db, Tx } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { defaultLocale, eachLocale, locales } from '#src/i18n/locales.ts';
import { type FormDefinition, readDefinition } from './form-definition.ts';
import type { FormTheme } from './form-theme.ts';

/** The editable part of a form. The texts of the boxes come from the live texts. */
export interface FormDraft {
  locales: Locale[];
  defaultLocale: Locale;
  fields: FormDefinition['fields'];
  /** Boxes in display order, e.g. `product-news:email`. */
  consents: string[];
  words: Record<Locale, { heading: string; intro: string }>;
  /** Origins that may show the form. */
  sites: string[];
  confirmWithinHours: number;
  theme: FormTheme;
  /** Shown below "Check your inbox" after signing up, and the target of its link. */
  thanks: { words: Record<Locale, string>; address: string };
  /** The default capture source. */
  source: string;
}

/** A draft. Revision 0: none was saved yet, so it equals the published version. */
export interface SavedDraft {
  draft: FormDraft;
  revision: number;
  changedAt: string | null;
  changedBy: string | null;
}

export const noTheme: FormTheme = { light: {}, dark: {}, shape: {} };

/** For a new form. */
export const emptyDraft: FormDraft = {
  locales,
  defaultLocale,
  fields: [{ name: 'email', required: true }],
  consents: [],
  words: eachLocale(() => ({ heading: '', intro: '' })),
  sites: [],
  confirmWithinHours: 72,
  theme: noTheme,
  thanks: { words: eachLocale(() => ''), address: '' },
  source: '',
};

/** The choices of a published version. */
export function draftOf(definition: FormDefinition): FormDraft {
  const { words, consents, thanks } = definition;
  return {
    locales: definition.locales,
    defaultLocale: definition.default_locale,
    fields: definition.fields,
    consents: consents.map(({ value }) => value),
    words: eachLocale((locale) => ({
      heading: words[locale]?.heading ?? '',
      intro: words[locale]?.intro ?? '',
    })),
    sites: definition.sites,
    confirmWithinHours: definition.confirm_within_hours,
    theme: definition.theme,
    thanks: { words: eachLocale((locale) => thanks.words[locale] ?? ''), address: thanks.address },
    source: definition.source,
  };
}

export async function loadDraft(db: Db | Tx, formId: string): Promise<SavedDraft> {
  const saved = await db
    .selectFrom('form_drafts')
    .selectAll()
    .where('form_id', '=', formId)
    .executeTakeFirst();
  if (saved) {
    const { draft, revision, changed_at: changedAt, changed_by: changedBy } = saved;
    return { draft: JSON.parse(draft) as FormDraft, revision, changedAt, changedBy };
  }
  const live = await liveDraft(db, formId);
  return { draft: live ?? emptyDraft, revision: 0, changedAt: null, changedBy: null };
}

/** The choices of the published version, with the current settings of the form. */
export async function liveDraft(db: Db | Tx, formId: string): Promise<FormDraft | undefined> {
  const row = await db
    .selectFrom('forms')
    .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
    .select(['form_versions.definition', 'forms.allowed_origins', 'forms.confirm_within_hours'])
    .select('forms.default_locale')
    .where('forms.id', '=', formId)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    ...draftOf(readDefinition(row.definition)),
    sites: JSON.parse(row.allowed_origins) as string[],
    confirmWithinHours: row.confirm_within_hours,
    defaultLocale: row.default_locale,
  };
}
