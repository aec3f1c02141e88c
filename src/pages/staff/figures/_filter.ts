import type { Db } from '#db/connect.ts';
import { type FigureFilter, periodBetween, periodOf, spans } from '#src/figures/period.ts';
import { isDay } from '#src/i18n/dates.ts';

/** What the address asks for, with what there is to choose from. */
export interface AskedFigures {
  filter: FigureFilter;
  /** As in the address. */
  form: string;
  source: string;
  forms: { id: string; key: string }[];
  sources: string[];
}

/** The sources that are no names, as the address says them. */
export const sourceWords: Record<string, string> = { none: '', other: '*' };

/** `?span=month&form=newsletter&source=spring-letter`, or `?span=custom&from=&to=`. What is unknown is not asked for. */
export async function askedFigures(
  db: Db,
  query: URLSearchParams,
  now: Date,
  formKey?: string,
): Promise<AskedFigures> {
  const forms = await db.selectFrom('forms').select(['id', 'key']).orderBy('key').execute();
  const wished = formKey ?? query.get('form') ?? '';
  const form = forms.find(({ key }) => key === wished);
  const sources = await sourcesOf(db, form?.id);
  const asked = query.get('source') ?? '';
  const name = sourceWords[asked] ?? asked;
  const hasSource = asked !== '' && (asked in sourceWords || sources.includes(name));
  return {
    filter: {
      ...period(query, now),
      ...(form && { formId: form.id }),
      ...(hasSource && { source: name }),
    },
    form: form?.key ?? '',
    source: hasSource ? asked : '',
    forms,
    sources,
  };
}

function period(query: URLSearchParams, now: Date) {
  const [from = '', to = ''] = [query.get('from') ?? '', query.get('to') ?? ''];
  const span = query.get('span');
  const known = spans.find((one) => one === span);
  if (known) return periodOf(known, now);
  const custom = isDay(from) && isDay(to) ? periodBetween(from, to) : undefined;
  return custom ?? periodOf('quarter', now);
}

async function sourcesOf(db: Db, formId: string | undefined): Promise<string[]> {
  let query = db.selectFrom('form_sources').select('source').distinct().orderBy('source').limit(300);
  if (formId !== undefined) query = query.where('form_id', '=', formId);
  return (await query.execute()).map(({ source }) => source);
}
