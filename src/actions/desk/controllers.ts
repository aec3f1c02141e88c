/** What is posted at the desk for companies. */

import { addController } from '#src/controllers/add-controller.ts';
import { type ControllerDraft, controllerDraftOf } from '#src/controllers/controller.ts';
import { type ControllerFault, controllerFaults } from '#src/controllers/controller-faults.ts';
import { publishNotice } from '#src/controllers/publish-notice.ts';
import { saveController } from '#src/controllers/save-controller.ts';
import { again, conflict, deskAction, type Fault, faultAt, redirect } from '#src/desk/desk-action.ts';
import { differences } from '#src/desk/differences.ts';
import { fieldSet, schemaOf } from '#src/desk/field-set.ts';
import { checked, line, lines, revision } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';

export const companyFields = fieldSet({
  legal_name: { schema: line, label: 'controllers.field.legal_name', hint: 'controllers.legal_name.hint' },
  address: { schema: line, label: 'controllers.field.address', hint: 'controllers.address.hint' },
  country: {
    schema: line.transform((code) => code.toUpperCase()),
    label: 'controllers.field.country',
    hint: 'controllers.country.hint',
    size: 'short',
  },
  privacy_email: {
    schema: line,
    kind: 'email',
    label: 'controllers.field.privacy_email',
    hint: 'controllers.privacy_email.hint',
  },
  imprint: {
    schema: lines,
    kind: 'lines',
    label: 'controllers.field.imprint',
    hint: 'controllers.imprint.hint',
    rows: 6,
  },
  mails_after_withdrawal: {
    schema: checked,
    kind: 'tick',
    label: 'controllers.field.mails_after_withdrawal',
  },
  refuses_claimed: { schema: checked, kind: 'tick', label: 'controllers.field.refuses_claimed' },
});

export const companyKey = fieldSet({
  key: { schema: line, label: 'purposes.key', hint: 'controllers.key.hint', size: 'medium' },
});

export const noticeFields = fieldSet({
  version: { schema: line, label: 'controllers.field.version', size: 'short' },
  url: { schema: line, label: 'controllers.field.url' },
});

export const noticeNote = fieldSet({
  note: { schema: line, label: 'controllers.field.note', optional: true },
});

export const addCompany = deskAction(
  'purposes.write',
  schemaOf({ ...companyFields, ...companyKey, ...noticeFields }),
  async ({ app, actor, t }, { key, version, url, ...draft }) => {
    const result = await addController(app, actor, { key, draft, notice: { version, url } });
    if (result.outcome === 'added') return redirect(paths.staffController(key), { done: 'added' });
    if (result.outcome === 'faulty') return again(inWords(t, result.faults));
    const keyFault = faultAt('key', t(`controllers.fault.${result.outcome}`));
    return again([keyFault, ...inWords(t, controllerFaults(draft))]);
  },
);

const save = deskAction(
  'purposes.write',
  schemaOf(companyFields).extend({ revision }),
  async ({ app, actor, t, params: { key = '' } }, { revision, ...draft }) => {
    const result = await saveController(app, actor, key, { revision, draft });
    switch (result.outcome) {
      case 'saved':
        return redirect(paths.staffController(key), { done: 'saved' });
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
  schemaOf({ ...noticeFields, ...noticeNote }),
  async ({ app, actor, t, params: { key = '' } }, { note, ...notice }) => {
    const result = await publishNotice(app, actor, key, { ...notice, note: note || null });
    if (result.outcome === 'unknown') throw new Problem(404);
    if (result.outcome === 'faulty') return again(inWords(t, result.faults));
    return redirect(paths.staffController(key), { done: 'published' });
  },
);

/** The buttons of a company's page. */
export const controllerActions = { save, publish };

function inWords(t: Translate, faults: ControllerFault[]): Fault[] {
  return faults.map(({ field, code }) =>
    faultAt(field, `${t(`controllers.field.${field}`)}: ${t(`controllers.fault.${code}`)}`),
  );
}
