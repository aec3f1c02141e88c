/** What is posted in the editor of a form. Every button saves the draft first, so that none loses it. */
import {
  againWith,
  conflict,
  type DeskAction,
  deskAction,
  type OpenDesk,
  redirect,
  show,
} from '#src/desk/desk-action.ts';
import { differences } from '#src/desk/differences.ts';
import type { FormFields } from '#src/forms/fields.ts';
import type { FormDraft } from '#src/forms/form-draft.ts';
import { publishDraft } from '#src/forms/publish-draft.ts';
import { saveDraft } from '#src/forms/save-draft.ts';
import { revision, wholeForm } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { paths } from '#src/routes.ts';
import { typedDraft } from './draft-fields.ts';
import { previewOf, previewQuery } from './preview.ts';

interface Typed {
  fields: FormFields;
  draft: FormDraft;
  revision: number;
}

/** What stays to be done before it can be published is known to the page. */
type EditAction = DeskAction<{ revision: number } | undefined>;

const typed = wholeForm.transform(
  (fields): Typed => ({ fields, draft: typedDraft(fields), revision: revision.parse(fields.revision) }),
);

const publish: EditAction = deskAction('forms.write', typed, async (desk, typed) => {
  const result = await publishDraft(desk.app, desk.actor, keyOf(desk), typed);
  switch (result.outcome) {
    case 'published':
      return redirect(paths.staffForm(keyOf(desk)), { done: 'published' });
    case 'unchanged':
      return backTo(desk, typed, 'unchanged');
    case 'blocked':
      return againWith([], { revision: result.revision });
    default:
      return notSaved(result, typed);
  }
});

/** All other buttons only save: `up`, `down` and `remove` say which box. */
const saveAnd = (done: string, part = ''): EditAction =>
  deskAction('forms.write', typed, async (desk, typed) => {
    const result = await saveDraft(desk.app, desk.actor, keyOf(desk), typed);
    return result.outcome === 'saved' ? backTo(desk, typed, done, part) : notSaved(result, typed);
  });

const arrange = saveAnd('arranged', '#boxes');

export const editorActions: Record<string, EditAction> = {
  '': saveAnd('saved'),
  save: saveAnd('saved'),
  preview: saveAnd('saved', '#preview'),
  up: arrange,
  down: arrange,
  remove: arrange,
  publish,
};

/** The draft as a script sends it while somebody writes. Saves nothing. */
export const previewDraft = deskAction('forms.read', wholeForm, async () => show(undefined));

function keyOf({ params: { key = '' } }: OpenDesk): string {
  return key;
}

function backTo(desk: OpenDesk, { fields }: Typed, done: string, part = ''): Response {
  const query = previewQuery(previewOf(fields));
  query.set('done', done);
  return redirect(paths.staffFormEdit(keyOf(desk), query) + part);
}

type NotSaved = Exclude<Awaited<ReturnType<typeof saveDraft>>, { outcome: 'saved' }>;

function notSaved(result: NotSaved, { draft }: Typed) {
  if (result.outcome === 'unknown') throw new Problem(404);
  const { revision, draft: saved } = result.saved;
  return conflict({ revision, differs: differences(saved, draft, (name) => name) });
}
