import type { APIContext } from 'astro';
import type { Conflict } from '#src/desk/desk-action.ts';
import { differences } from '#src/desk/differences.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { addPurpose } from '#src/purposes/add-purpose.ts';
import { draftOf, type Purpose, type PurposeDraft } from '#src/purposes/purpose.ts';
import { purposeFaults } from '#src/purposes/purpose-faults.ts';
import { restorePurpose, retirePurpose } from '#src/purposes/retire-purpose.ts';
import { savePurpose } from '#src/purposes/save-purpose.ts';
import { paths } from '#src/routes.ts';
import { line, readDraft } from './_purpose-fields.ts';
import { type ToldFault, toldFaults } from './_purpose-words.ts';

/** The page once more, with what was typed. */
export interface PurposeAnswer {
  status: 200 | 409 | 422;
  fields: FormFields;
  faults: ToldFault[];
  conflict?: Conflict;
}

export async function answerPurpose(context: APIContext, key: string): Promise<Response | PurposeAnswer> {
  const { app, actor, t } = openDesk(context);
  const fields = await readForm(context.request);
  const action = first(fields, 'action');
  const done = (what: string) => context.redirect(paths.staffPurpose(key, { done: what }), 303);
  const again = (message: string, href: string): PurposeAnswer => ({
    status: 422,
    fields,
    faults: [{ field: '', href, message }],
  });
  if (action === 'more') return { status: 200, fields, faults: [] };
  if (action === 'retire' || action === 'restore') {
    const result = await (action === 'retire' ? retirePurpose : restorePurpose)(app, actor, key);
    if (result.outcome === 'unknown') throw new Problem(404);
    if (result.outcome !== 'in_forms') return done(result.outcome);
    return again(t('purposes.in_forms', { forms: result.forms.join(', ') }), '#retire');
  }
  const draft = readDraft(fields);
  const revision = Number(first(fields, 'revision'));
  const result = await savePurpose(app, actor, key, { revision, draft });
  switch (result.outcome) {
    case 'saved':
      return done('saved');
    case 'unknown':
      throw new Problem(404);
    case 'faulty':
      return { status: 422, fields, faults: toldFaults(t, result.faults) };
    case 'channel_in_use':
      return again(
        t('purposes.channel_in_use', { channel: t(`channel.${result.channel}`) }),
        `#channel_${result.channel}`,
      );
    case 'changed_meanwhile':
      return { status: 409, fields, faults: [], conflict: conflictWith(result.purpose, draft) };
  }
}

export async function answerNewPurpose(context: APIContext): Promise<Response | PurposeAnswer> {
  const { app, actor, t } = openDesk(context);
  const fields = await readForm(context.request);
  if (first(fields, 'action') === 'more') return { status: 200, fields, faults: [] };
  const draft = readDraft(fields);
  const [key, controller] = [line(fields, 'key'), line(fields, 'controller')];
  const result = await addPurpose(app, actor, { key, controller, draft });
  if (result.outcome === 'added') return context.redirect(paths.staffPurpose(key, { done: 'added' }), 303);
  const faults = toldFaults(t, result.outcome === 'faulty' ? result.faults : purposeFaults(draft));
  if (result.outcome === 'unknown_controller') throw new Problem(422);
  if (result.outcome !== 'faulty') {
    faults.unshift({ field: 'key', href: '#key', message: t(`purposes.fault.${result.outcome}`) });
  }
  return { status: 422, fields, faults };
}

function conflictWith(saved: Purpose, typed: PurposeDraft): Conflict {
  return { revision: saved.revision, differs: differences(draftOf(saved), typed, (field) => field) };
}
