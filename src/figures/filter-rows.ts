import type { SelectQueryBuilder } from 'kysely';
import type { Schema } from '#db/schema/schema.ts';
import type { FigureFilter } from './period.ts';

type Counted = 'form_days' | 'confirm_delays' | 'permission_days';

/** The rows of a table of counts that match the filter. */
export function filterRows<T extends Counted, O>(
  query: SelectQueryBuilder<Schema, T, O>,
  { from, to, formId, source }: FigureFilter,
): SelectQueryBuilder<Schema, T, O> {
  // All of these tables have the same columns, which the types of Kysely cannot express.
  let rows = query as unknown as SelectQueryBuilder<Schema, 'form_days', O>;
  rows = rows.where('day', '>=', from).where('day', '<=', to);
  if (formId !== undefined) rows = rows.where('form_id', '=', formId);
  if (source !== undefined) rows = rows.where('source', '=', source);
  return rows as unknown as SelectQueryBuilder<Schema, T, O>;
}
