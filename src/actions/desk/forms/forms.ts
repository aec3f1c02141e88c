/** What is posted at the desk for forms as a whole: a new one, a copy, putting one away. */
import { z } from 'zod';
import { again, deskAction, faultAt, redirect } from '#src/desk/desk-action.ts';
import { fieldSet, schemaOf } from '#src/desk/field-set.ts';
import { archiveForm } from '#src/forms/archive-form.ts';
import { copyForm, createForm } from '#src/forms/create-form.ts';
import { line } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { paths } from '#src/routes.ts';

export const copyFields = fieldSet({
  key: { schema: line, label: 'forms.key', hint: 'forms.key.hint', size: 'medium' },
});

export const newFormFields = fieldSet({
  ...copyFields,
  controller: { schema: line, kind: 'choice', label: 'forms.controller', hint: 'forms.controller.hint' },
});

export const addForm = deskAction(
  'forms.write',
  schemaOf(newFormFields),
  async ({ app, actor, t }, typed) => {
    const { outcome } = await createForm(app, actor, typed);
    if (outcome === 'created') return redirect(paths.staffFormEdit(typed.key), { done: 'created' });
    if (outcome === 'key_taken' || outcome === 'key_faulty') {
      return again([faultAt('key', t(`forms.key.${outcome}`))]);
    }
    throw new Problem(422);
  },
);

const copy = deskAction(
  'forms.write',
  schemaOf(copyFields),
  async ({ app, actor, t, params: { key: from = '' } }, { key }) => {
    const { outcome } = await copyForm(app, actor, from, key);
    if (outcome === 'created') return redirect(paths.staffFormEdit(key), { done: 'created' });
    if (outcome === 'key_taken' || outcome === 'key_faulty') {
      return again([faultAt('key', t(`forms.key.${outcome}`))]);
    }
    throw new Problem(404);
  },
);

const archive = deskAction('forms.write', z.object({}), async ({ app, actor, params: { key = '' } }) => {
  const { outcome } = await archiveForm(app, actor, key);
  if (outcome === 'unknown') throw new Problem(404);
  return redirect(paths.staffForm(key), { done: 'archived' });
});

/** The buttons of the page of a form. */
export const formActions = { copy, archive };
