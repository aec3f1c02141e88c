import type { APIContext } from 'astro';
import { readable } from '#src/components/act-words.ts';
import { addController } from '#src/controllers/add-controller.ts';
import type { ControllerDraft } from '#src/controllers/controller.ts';
import { type Controller, controllerDraftOf } from '#src/controllers/controller.ts';
import { type ControllerFault, controllerFaults } from '#src/controllers/controller-faults.ts';
import { publishNotice } from '#src/controllers/publish-notice.ts';
import { saveController } from '#src/controllers/save-controller.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { changesBetween } from '#src/staff/changes.ts';

export interface ToldFault {
  field: string;
  href: string;
  message: string;
}

/** The page once more, with what was typed. */
export interface ControllerAnswer {
  status: 409 | 422;
  form: 'company' | 'notice';
  fields: FormFields;
  faults: ToldFault[];
  meanwhile?: { controller: Controller; differs: { name: string; saved: string; typed: string }[] };
}

export function fieldsOf(draft: ControllerDraft): FormFields {
  const { mails_after_withdrawal, refuses_claimed, ...lines } = draft;
  const fields = Object.fromEntries(Object.entries(lines).map(([name, value]) => [name, [value]]));
  return {
    ...fields,
    ...(mails_after_withdrawal && { mails_after_withdrawal: ['1'] }),
    ...(refuses_claimed && { refuses_claimed: ['1'] }),
  };
}

export async function answerController(
  context: APIContext,
  key: string,
): Promise<Response | ControllerAnswer> {
  const { app, actor, t } = openDesk(context);
  const fields = await readForm(context.request);
  const done = (what: string) => context.redirect(`/staff/controllers/${key}?done=${what}`, 303);
  if (first(fields, 'action') === 'publish') {
    const notice = { ...noticeIn(fields), note: line(fields, 'note') || null };
    const result = await publishNotice(app, actor, key, notice);
    if (result.outcome === 'unknown') throw new Problem(404);
    if (result.outcome === 'published') return done('published');
    return { status: 422, form: 'notice', fields, faults: told(t, result.faults) };
  }
  const draft = readDraft(fields);
  const result = await saveController(app, actor, key, {
    revision: Number(first(fields, 'revision')),
    draft,
  });
  if (result.outcome === 'unknown') throw new Problem(404);
  if (result.outcome === 'saved') return done('saved');
  const faults = result.outcome === 'faulty' ? told(t, result.faults) : [];
  if (result.outcome === 'faulty') return { status: 422, form: 'company', fields, faults };
  return { status: 409, form: 'company', fields, faults, meanwhile: differing(t, result.controller, draft) };
}

export async function answerNewController(context: APIContext): Promise<Response | ControllerAnswer> {
  const { app, actor, t } = openDesk(context);
  const fields = await readForm(context.request);
  const draft = readDraft(fields);
  const key = line(fields, 'key');
  const result = await addController(app, actor, { key, draft, notice: noticeIn(fields) });
  if (result.outcome === 'added') return context.redirect(`/staff/controllers/${key}?done=added`, 303);
  const faults = told(t, result.outcome === 'faulty' ? result.faults : controllerFaults(draft));
  if (result.outcome !== 'faulty') {
    faults.unshift({ field: 'key', href: '#key', message: t(`controllers.fault.${result.outcome}`) });
  }
  return { status: 422, form: 'company', fields, faults };
}

function readDraft(fields: FormFields): ControllerDraft {
  return {
    legal_name: line(fields, 'legal_name'),
    address: line(fields, 'address'),
    country: line(fields, 'country').toUpperCase(),
    privacy_email: line(fields, 'privacy_email'),
    imprint: (first(fields, 'imprint') ?? '')
      .split('\n')
      .map((one) => one.trim())
      .join('\n')
      .trim(),
    mails_after_withdrawal: fields.mails_after_withdrawal !== undefined,
    refuses_claimed: fields.refuses_claimed !== undefined,
  };
}

function noticeIn(fields: FormFields): { version: string; url: string } {
  return { version: line(fields, 'version'), url: line(fields, 'url') };
}

function line(fields: FormFields, name: string): string {
  return (first(fields, name) ?? '').replace(/\s+/g, ' ').trim();
}

function told(t: Translate, faults: ControllerFault[]): ToldFault[] {
  return faults.map(({ field, code }) => ({
    field,
    href: `#${field}`,
    message: `${t(`controllers.field.${field}`)}: ${t(`controllers.fault.${code}`)}`,
  }));
}

function differing(t: Translate, controller: Controller, draft: ControllerDraft) {
  const changes = Object.entries(changesBetween(controllerDraftOf(controller), draft));
  return {
    controller,
    differs: changes.map(([name, { from, to }]) => ({
      name: t(`controllers.field.${name as keyof ControllerDraft}`),
      saved: readable(from),
      typed: readable(to),
    })),
  };
}
