import type { Db } from '#db/connect.ts';

export interface FormAlarm {
  form: string;
  hour: string;
  signups: number;
  hourlyMean: number;
  raisedAt: string;
}

/** One alarm per form and hour, with the newest count. An acknowledged alarm stays acknowledged. */
export async function raiseAlarm(
  db: Db,
  formId: string,
  at: Date,
  counts: { signups: number; hourly_mean: number },
): Promise<void> {
  await db
    .insertInto('form_alarms')
    .values({
      form_id: formId,
      hour: at.toISOString().slice(0, 13),
      ...counts,
      raised_at: at.toISOString(),
      seen_at: null,
    })
    .onConflict((conflict) => conflict.columns(['form_id', 'hour']).doUpdateSet(counts))
    .execute();
}

/** Alarms that are not acknowledged yet, newest first. */
export async function openAlarms(db: Db, form?: string): Promise<FormAlarm[]> {
  let query = db
    .selectFrom('form_alarms')
    .innerJoin('forms', 'forms.id', 'form_alarms.form_id')
    .select(['forms.key as form', 'hour', 'signups', 'hourly_mean as hourlyMean', 'raised_at as raisedAt'])
    .where('seen_at', 'is', null)
    .orderBy('hour', 'desc')
    .limit(50);
  if (form) query = query.where('forms.key', '=', form);
  return query.execute();
}
