import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { FormDefinition } from '#src/forms/form-definition.ts';
import { calendarDay } from '#src/i18n/dates.ts';
import { addDays, type FigureFilter } from './period.ts';

/** A text or a form that went live in the period, which may explain a step in a chart. */
export interface ChartMark {
  day: string;
  at: string;
  kind: 'text' | 'form';
  /** `product-news/email/de@1.1`, or `newsletter 3` */
  name: string;
}

const limit = 60;

export async function readMarks(db: Db, filter: FigureFilter): Promise<ChartMark[]> {
  const marks = [...(await texts(db, filter)), ...(await forms(db, filter))];
  // The queries read one more day on both sides because of the time zone.
  return marks
    .map((mark) => ({ ...mark, day: calendarDay(new Date(mark.at)) }))
    .filter(({ day }) => day >= filter.from && day <= filter.to)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

async function texts(db: Db, filter: FigureFilter): Promise<Omit<ChartMark, 'day'>[]> {
  let query = db
    .selectFrom('consent_text_versions as version')
    .innerJoin('consent_texts as text', 'text.id', 'version.text_id')
    .innerJoin('purposes', 'purposes.id', 'text.purpose_id')
    .select(['version.live_from', 'version.major', 'version.minor'])
    .select(['purposes.key', 'text.channel', 'text.locale'])
    .where('version.live_from', '>=', addDays(filter.from, -1))
    .where('version.live_from', '<', addDays(filter.to, 2))
    .orderBy('version.live_from', 'desc')
    .limit(limit);
  if (filter.formId !== undefined) {
    query = query.where(isOneOf(db, 'text.id', await textsOfForm(db, filter.formId)));
  }
  return (await query.execute()).map((row) => ({
    at: row.live_from ?? '',
    kind: 'text',
    name: `${row.key}/${row.channel}/${row.locale}@${row.major}.${row.minor}`,
  }));
}

/** The texts in the current version of the form. */
async function textsOfForm(db: Db, formId: string): Promise<string[]> {
  const form = await db
    .selectFrom('forms')
    .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
    .select('form_versions.definition')
    .where('forms.id', '=', formId)
    .executeTakeFirst();
  if (!form) return [];
  const { consents } = JSON.parse(form.definition) as FormDefinition;
  const versionIds = consents.flatMap(({ texts: shown }) => Object.values(shown).map(({ id }) => id));
  const rows = await db
    .selectFrom('consent_text_versions')
    .select('text_id')
    .where(isOneOf(db, 'id', versionIds))
    .execute();
  return rows.map(({ text_id }) => text_id);
}

async function forms(db: Db, filter: FigureFilter): Promise<Omit<ChartMark, 'day'>[]> {
  let query = db
    .selectFrom('form_versions')
    .innerJoin('forms', 'forms.id', 'form_versions.form_id')
    .select(['forms.key', 'form_versions.number', 'form_versions.published_at'])
    .where('form_versions.published_at', '>=', addDays(filter.from, -1))
    .where('form_versions.published_at', '<', addDays(filter.to, 2))
    .orderBy('form_versions.published_at', 'desc')
    .limit(limit);
  if (filter.formId !== undefined) query = query.where('forms.id', '=', filter.formId);
  return (await query.execute()).map((row) => ({
    at: row.published_at,
    kind: 'form',
    name: `${row.key} ${row.number}`,
  }));
}
