import type { Tx } from '#db/connect.ts';
import { locking } from '#db/locks.ts';
import type { App } from '#src/app/app.ts';
import { composeForm } from './compose-form.ts';
import { liveDraft } from './form-draft.ts';
import { onlyBoxes, pausedBoxes, withPaused } from './paused-boxes.ts';
import { publishChanges } from './publish-form.ts';

export interface Republished {
  key: string;
  /** Null: the form was closed because it has no box left. */
  number: number | null;
}

/**
 * Publishes the form again with the texts that are live now. Boxes without a usable text are paused: they return
 * automatically when there is one, and a form that was closed for lack of boxes reopens. `drop`: a box that does not
 * return.
 */
export async function republishForm(
  tx: Tx,
  formId: string,
  at: string,
  { drop }: { drop?: string } = {},
): Promise<Republished> {
  // Locks the form first, so that of two texts that end at the same time, the second sees the result of the first.
  await locking(tx, tx.selectFrom('forms').select('id').where('id', '=', formId), 'forms').execute();
  const live = await liveDraft(tx, formId);
  if (!live) throw new Error(`Form ${formId} was never published.`);
  const paused = await pausedBoxes(tx, formId);
  const draft = withPaused(live, paused);
  const { missing } = await composeForm(tx, { id: formId, number: 0 }, draft);
  const lacking = new Set(missing.map(({ value }) => value));
  const usable = draft.consents.filter((value) => !lacking.has(value));
  const isEmpty = usable.length === 0;
  const position = (value: string) => draft.consents.indexOf(value);
  const fields = JSON.stringify(draft.fields);
  await tx.deleteFrom('paused_boxes').where('form_id', '=', formId).execute();
  const toPause = [...lacking].filter((value) => value !== drop);
  for (const value of toPause) {
    const before = paused.find((box) => box.value === value);
    const closed_form = before?.closed_form === 1 || isEmpty ? 1 : 0;
    const own = { position: position(value), paused_at: before?.paused_at ?? at, fields, closed_form };
    await tx
      .insertInto('paused_boxes')
      .values({ form_id: formId, value, ...own })
      .execute();
  }
  if (isEmpty) {
    await tx
      .updateTable('forms')
      .set({ closed_at: at })
      .where('id', '=', formId)
      .where('closed_at', 'is', null)
      .execute();
  } else {
    await publishChanges(tx, formId, onlyBoxes(draft, usable), at);
    if (paused.some(({ closed_form }) => closed_form === 1)) await reopen(tx, formId);
  }
  const { key, number } = await tx
    .selectFrom('forms')
    .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
    .select(['forms.key', 'form_versions.number'])
    .where('forms.id', '=', formId)
    .executeTakeFirstOrThrow();
  return { key, number: isEmpty ? null : number };
}

/** Opens a form that was closed for lack of boxes. */
async function reopen(tx: Tx, formId: string): Promise<void> {
  await tx.updateTable('forms').set({ closed_at: null }).where('id', '=', formId).execute();
  await tx.updateTable('paused_boxes').set({ closed_form: 0 }).where('form_id', '=', formId).execute();
}

/** Republishes forms. Returns `newsletter@4` for each, or `newsletter` if it was closed. */
export async function republishForms(
  tx: Tx,
  forms: { id: string }[],
  at: string,
  how: { drop?: string } = {},
): Promise<string[]> {
  const done: string[] = [];
  for (const { id } of forms) {
    const { key, number } = await republishForm(tx, id, at, how);
    done.push(number === null ? key : `${key}@${number}`);
  }
  return done;
}

/** Runs at every start: removes stopped and invalid texts from open forms, where an earlier release left them. */
export async function dropStoppedBoxes({ db, now }: Pick<App, 'db' | 'now'>): Promise<string[]> {
  const stopped = await db
    .selectFrom('consent_text_versions')
    .select('id')
    .where((eb) => eb.or([eb('stopped_at', 'is not', null), eb('invalidated_at', 'is not', null)]))
    .execute();
  if (stopped.length === 0) return [];
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('forms')
      .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
      .select(['forms.id', 'form_versions.definition'])
      .where('forms.closed_at', 'is', null)
      .where('forms.archived_at', 'is', null)
      .orderBy('forms.key')
      .execute();
    const showing = rows.filter(({ definition }) => stopped.some(({ id }) => definition.includes(id)));
    return republishForms(tx, showing, now().toISOString());
  });
}
