/** What is posted at the desk for purposes. */
import { z } from 'zod';
import {
  again,
  conflict,
  deskAction,
  faultAt,
  type OpenDesk,
  redirect,
  show,
} from '#src/desk/desk-action.ts';
import { differences } from '#src/desk/differences.ts';
import { fieldSet, schemaOf } from '#src/desk/field-set.ts';
import { line, revision, wholeForm } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { addPurpose } from '#src/purposes/add-purpose.ts';
import { draftOf } from '#src/purposes/purpose.ts';
import { purposeFaults } from '#src/purposes/purpose-faults.ts';
import { restorePurpose, retirePurpose } from '#src/purposes/retire-purpose.ts';
import { savePurpose } from '#src/purposes/save-purpose.ts';
import { paths } from '#src/routes.ts';
import { readDraft } from './purpose-fields.ts';
import { faultsInWords } from './purpose-words.ts';

const typedDraft = wholeForm.transform((fields) => ({ draft: readDraft(fields) }));

/** More rows for third parties: what was typed stays, and nothing is saved. */
const more = deskAction('purposes.write', z.object({}), async () => show(undefined));

export const newPurposeFields = fieldSet({
  key: { schema: line, label: 'purposes.key', hint: 'purposes.key.hint', size: 'medium' },
  controller: {
    schema: line,
    kind: 'choice',
    label: 'purposes.controller',
    hint: 'purposes.controller.hint',
  },
});

const add = deskAction(
  'purposes.write',
  schemaOf(newPurposeFields).and(typedDraft),
  async ({ app, actor, t }, { key, controller, draft }) => {
    const result = await addPurpose(app, actor, { key, controller, draft });
    if (result.outcome === 'added') return redirect(paths.staffPurpose(key), { done: 'added' });
    if (result.outcome === 'unknown_controller') throw new Problem(422);
    if (result.outcome === 'faulty') return again(faultsInWords(t, result.faults));
    const keyFault = faultAt('key', t(`purposes.fault.${result.outcome}`));
    return again([keyFault, ...faultsInWords(t, purposeFaults(draft))]);
  },
);

/** The buttons of the page for a new purpose. */
export const newPurposeActions = { more, save: add };

const save = deskAction(
  'purposes.write',
  z.object({ revision }).and(typedDraft),
  async ({ app, actor, t, params: { key = '' } }, { revision, draft }) => {
    const result = await savePurpose(app, actor, key, { revision, draft });
    switch (result.outcome) {
      case 'saved':
        return redirect(paths.staffPurpose(key), { done: 'saved' });
      case 'unknown':
        throw new Problem(404);
      case 'faulty':
        return again(faultsInWords(t, result.faults));
      case 'channel_in_use': {
        const { channel } = result;
        const words = t('purposes.channel_in_use', { channel: t(`channel.${channel}`) });
        return again([faultAt(`channel_${channel}`, words)]);
      }
      case 'changed_meanwhile': {
        const differs = differences(draftOf(result.purpose), draft, (field) => field);
        return conflict({ revision: result.purpose.revision, differs });
      }
    }
  },
);

const retire = deskAction('purposes.write', z.object({}), async (desk) =>
  afterSwitch(desk, await retirePurpose(desk.app, desk.actor, keyOf(desk))),
);

const restore = deskAction('purposes.write', z.object({}), async (desk) =>
  afterSwitch(desk, await restorePurpose(desk.app, desk.actor, keyOf(desk))),
);

/** The buttons of the page of a purpose. */
export const purposeActions = { more, save, retire, restore };

function keyOf({ params: { key = '' } }: OpenDesk): string {
  return key;
}

function afterSwitch(desk: OpenDesk, result: Awaited<ReturnType<typeof retirePurpose>>) {
  if (result.outcome === 'unknown') throw new Problem(404);
  if (result.outcome !== 'in_forms') {
    return redirect(paths.staffPurpose(keyOf(desk)), { done: result.outcome });
  }
  return again([faultAt('retire', desk.t('purposes.in_forms', { forms: result.forms.join(', ') }))]);
}
