import type { Db } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { eachLocale } from '#src/i18n/locales.ts';
import { type FormConsent, readDefinition } from './form-definition.ts';
import type { FormDraft } from './form-draft.ts';
import { type FormState, formState } from './form-state.ts';

/** A form as listed at the desk. Unpublished forms have only the heading of their draft. */
export interface ListedForm {
  id: string;
  key: string;
  state: FormState;
  /** Heading by language. */
  titles: Partial<Record<Locale, string>>;
  controller: string;
  locales: Locale[];
  /** In display order. */
  boxes: Pick<FormConsent, 'value' | 'channel' | 'titles'>[];
  sites: string[];
  confirmWithinHours: number;
  /** The published version; null if there is none. */
  version: { number: number; publishedAt: string; sha256: string } | null;
  closedAt: string | null;
  archivedAt: string | null;
}

/** All forms by key, archived ones last; or the one with this key. */
export async function listForms(db: Db, at: string, key?: string): Promise<ListedForm[]> {
  let query = db
    .selectFrom('forms')
    .innerJoin('controllers', 'controllers.id', 'forms.controller_id')
    .leftJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
    .leftJoin('form_drafts', 'form_drafts.form_id', 'forms.id')
    .selectAll('forms')
    .select('form_drafts.draft')
    .select(['controllers.legal_name', 'form_versions.definition', 'form_versions.number'])
    .select(['form_versions.published_at', 'form_versions.sha256'])
    .orderBy('forms.key');
  if (key !== undefined) query = query.where('forms.key', '=', key);
  const rows = await query.execute();
  const forms = rows.map((row): ListedForm => {
    const definition = row.definition === null ? null : readDefinition(row.definition);
    const words =
      definition?.words ?? (row.draft === null ? undefined : (JSON.parse(row.draft) as FormDraft).words);
    const { number, published_at: publishedAt, sha256 } = row;
    return {
      id: row.id,
      key: row.key,
      state: formState(row, at),
      titles: eachLocale((locale) => words?.[locale]?.heading),
      controller: row.legal_name,
      locales: definition?.locales ?? [],
      boxes: definition?.consents ?? [],
      sites: JSON.parse(row.allowed_origins) as string[],
      confirmWithinHours: row.confirm_within_hours,
      version: number !== null && publishedAt && sha256 ? { number, publishedAt, sha256 } : null,
      closedAt: row.closed_at,
      archivedAt: row.archived_at,
    };
  });
  return [...forms.filter(({ archivedAt }) => !archivedAt), ...forms.filter(({ archivedAt }) => archivedAt)];
}

export async function findListedForm(db: Db, at: string, key: string): Promise<ListedForm | undefined> {
  const [form] = await listForms(db, at, key);
  return form;
}
