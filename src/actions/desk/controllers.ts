/** What is posted at the desk for companies. */

import { z } from 'zod';
import { addController } from '#src/controllers/add-controller.ts';
import { type ControllerDraft, controllerDraftOf } from '#src/controllers/controller.ts';
import { type ControllerFault, controllerFaults } from '#src/controllers/controller-faults.ts';
import { publishNotice } from '#src/controllers/publish-notice.ts';
import { saveController } from '#src/controllers/save-controller.ts';
import { again, conflict, deskAction, type Fault, faultAt, redirect } from '#src/desk/desk-action.ts';
import { differences } from '#src/desk/differences.ts';
import { checked, line, lines, revision } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';

const company = z.object({
  legal_name: line,
  address: line,
  country: line.transform((code) => code.toUpperCase()),
  privacy_email: line,
  imprint: lines,
  mails_after_withdrawal: checked,
  refuses_claimed: checked,
});

export const addCompany = deskAction(
  'purposes.write',
  company.extend({ key: line, version: line, url: line }),
  async ({ app, actor, t }, { key, version, url, ...draft }) => {
    const result = await addController(app, actor, { key, draft, notice: { version, url } });
    if (result.outcome === 'added') return redirect(pathOf(key), { done: 'added' });
    if (result.outcome === 'faulty') return again(inWords(t, result.faults));
    const keyFault = faultAt('key', t(`controllers.fault.${result.outcome}`));
    return again([keyFault, ...inWords(t, controllerFaults(draft))]);
  },
);

const save = deskAction(
  'purposes.write',
  company.extend({ revision }),
  async ({ app, actor, t, params: { key = '' } }, { revision, ...draft }) => {
    const result = await saveController(app, actor, key, { revision, draft });
    switch (result.outcome) {
      case 'saved':
        return redirect(pathOf(key), { done: 'saved' });
      case 'unknown':
        throw new Problem(404);
      case 'faulty':
        return again(inWords(t, result.faults));
      case 'changed_meanwhile': {
        const { controller } = result;
        const label = (field: string) => t(`controllers.field.${field as keyof ControllerDraft}`);
        const differs = differences(controllerDraftOf(controller), draft, label);
        return conflict({ revision: controller.revision, differs });
      }
    }
  },
);

const publish = deskAction(
  'purposes.write',
  z.object({ version: line, url: line, note: line }),
  async ({ app, actor, t, params: { key = '' } }, { note, ...notice }) => {
    const result = await publishNotice(app, actor, key, { ...notice, note: note || null });
    if (result.outcome === 'unknown') throw new Problem(404);
    if (result.outcome === 'faulty') return again(inWords(t, result.faults));
    return redirect(pathOf(key), { done: 'published' });
  },
);

/** The buttons of a company's page. */
export const controllerActions = { save, publish };

function pathOf(key: string): string {
  return paths.staffController(key);
}

function inWords(t: Translate, faults: ControllerFault[]): Fault[] {
  return faults.map(({ field, code }) =>
    faultAt(field, `${t(`controllers.field.${field}`)}: ${t(`controllers.fault.${code}`)}`),
  );
}
