import type { Db, Tx } from '#db/connect.ts';
import type { FormSwitchesTable } from '#db/schema/form-switches.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { type FormLimits, usualLimits } from '#src/limits/form-limits.ts';
import type { FormSwitches, PublishedForm } from './form-definition.ts';

/** The columns of a left join: null if no setting was changed yet. */
export type SwitchColumns = {
  [Column in keyof Omit<FormSwitchesTable, 'form_id'>]: FormSwitchesTable[Column] | null;
};

export function switchesOf(row: SwitchColumns): FormSwitches {
  return {
    closedWords: row.closed_words ? (JSON.parse(row.closed_words) as Record<Locale, string>) : null,
    proofOfWork: row.proof_of_work === 1,
    limits: { ...usualLimits, ...(JSON.parse(row.limits ?? '{}') as Partial<FormLimits>) },
    testing: row.test_since !== null,
  };
}

export async function findSwitches(db: Db, formId: string): Promise<FormSwitches> {
  const row = await db
    .selectFrom('form_switches')
    .selectAll()
    .where('form_id', '=', formId)
    .executeTakeFirst();
  return switchesOf(row ?? { closed_words: null, proof_of_work: null, limits: null, test_since: null });
}

/** Closed or archived. */
export function isClosed(form: Pick<PublishedForm, 'closedAt' | 'archivedAt'>, now: Date): boolean {
  if (form.archivedAt !== null) return true;
  return form.closedAt !== null && form.closedAt <= now.toISOString();
}

export async function setSwitches(
  tx: Tx,
  formId: string,
  values: Partial<Omit<FormSwitchesTable, 'form_id'>>,
): Promise<void> {
  const defaults = { closed_words: null, proof_of_work: 0, limits: '{}', test_since: null };
  await tx
    .insertInto('form_switches')
    .values({ form_id: formId, ...defaults, ...values })
    .onConflict((conflict) => conflict.column('form_id').doUpdateSet(values))
    .execute();
}
