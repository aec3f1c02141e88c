import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { archiveForm } from '#src/forms/archive-form.ts';
import { copyForm, createForm } from '#src/forms/create-form.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { paths } from '#src/routes.ts';
import { line } from './_draft-fields.ts';

/** A key that cannot be had, with the sentence that says why. */
export interface KeyAnswer {
  key: string;
  message: string;
  fields: FormFields;
}

/** Copying a form, or putting it away. */
export async function answerForm(context: APIContext, from: string): Promise<Response | KeyAnswer> {
  const { app, actor, t } = openDesk(context);
  const fields = await readForm(context.request);
  if (first(fields, 'action') === 'archive') {
    const { outcome } = await archiveForm(app, actor, from);
    if (outcome === 'unknown') throw new Problem(404);
    return context.redirect(paths.staffForm(from, { done: 'archived' }), 303);
  }
  const key = line(fields, 'key');
  const { outcome } = await copyForm(app, actor, from, key);
  if (outcome === 'created') return context.redirect(paths.staffFormEdit(key, { done: 'created' }), 303);
  if (outcome === 'key_taken' || outcome === 'key_faulty') {
    return { key, fields, message: t(`forms.key.${outcome}`) };
  }
  throw new Problem(404);
}

export async function answerNewForm(context: APIContext): Promise<Response | KeyAnswer> {
  const { app, actor, t } = openDesk(context);
  const fields = await readForm(context.request);
  const key = line(fields, 'key');
  const { outcome } = await createForm(app, actor, { key, controller: line(fields, 'controller') });
  if (outcome === 'created') return context.redirect(paths.staffFormEdit(key, { done: 'created' }), 303);
  if (outcome === 'key_taken' || outcome === 'key_faulty') {
    return { key, fields, message: t(`forms.key.${outcome}`) };
  }
  throw new Problem(422);
}
