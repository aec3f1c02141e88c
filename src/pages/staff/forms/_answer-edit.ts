import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import type { SavedDraft } from '#src/forms/form-draft.ts';
import { publishDraft } from '#src/forms/publish-draft.ts';
import { saveDraft } from '#src/forms/save-draft.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { paths } from '#src/routes.ts';
import { changesBetween } from '#src/staff/changes.ts';
import { arranged, fieldsOf, readDraft } from './_draft-fields.ts';
import { previewOf, previewQuery } from './_preview.ts';

/** The editor once more, with what was typed. */
export interface EditAnswer {
  status: 409 | 422;
  fields: FormFields;
  revision: number;
  /** Somebody else saved meanwhile, and where that differs from what was typed. */
  meanwhile?: { saved: SavedDraft; differs: Record<string, { from: unknown; to: unknown }> };
}

export async function answerEdit(context: APIContext, key: string): Promise<Response | EditAnswer> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const action = first(fields, 'action') ?? 'save';
  const draft = arranged(readDraft(fields), action);
  const typed = { revision: Number(first(fields, 'revision')), draft };
  const done = (what: string, hash = '') => {
    const query = previewQuery(previewOf(fields));
    query.set('done', what);
    return context.redirect(paths.staffFormEdit(key, query) + hash, 303);
  };
  const result = await (action === 'publish' ? publishDraft : saveDraft)(app, actor, key, typed);
  switch (result.outcome) {
    case 'unknown':
      throw new Problem(404);
    case 'changed_meanwhile': {
      const { saved } = result;
      const meanwhile = { saved, differs: changesBetween(saved.draft, draft) };
      return { status: 409, fields: { ...fields, ...fieldsOf(draft) }, revision: saved.revision, meanwhile };
    }
    case 'blocked':
      return { status: 422, fields: { ...fields, ...fieldsOf(draft) }, revision: result.revision };
    case 'published':
      return context.redirect(paths.staffForm(key, { done: 'published' }), 303);
    case 'unchanged':
      return done('unchanged');
    case 'saved':
      if (/^(up|down|remove):/.test(action)) return done('arranged', '#boxes');
      return action === 'preview' ? done('saved', '#preview') : done('saved');
  }
}
