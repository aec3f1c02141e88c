import type { FormTable } from '#db/schema/forms.ts';

/** Unpublished, open to the public, temporarily closed, or archived. */
export type FormState = 'draft' | 'live' | 'closed' | 'archived';

export function formState(
  form: Pick<FormTable, 'archived_at' | 'closed_at' | 'current_version_id'>,
  at: string,
): FormState {
  if (form.archived_at !== null) return 'archived';
  if (form.current_version_id === null) return 'draft';
  return form.closed_at !== null && form.closed_at <= at ? 'closed' : 'live';
}
