/** What is posted at the desk for staff. An admin types the password again when it was long ago: an open desk could let anybody in. */
import { z } from 'zod';
import { again, deskAction, type Fault, faultAt, type OpenDesk, redirect } from '#src/desk/desk-action.ts';
import { fieldSet, schemaOf } from '#src/desk/field-set.ts';
import { passwordFaults } from '#src/desk/password-again.ts';
import type { Again } from '#src/http/action-result.ts';
import { line, text } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';
import { inviteStaff } from '#src/staff/add-staff.ts';
import { changeStaff, type StaffChange, sendNewLink } from '#src/staff/change-staff.ts';
import { roles } from '#src/staff/roles.ts';
import { removeTwoFactor } from '#src/staff/two-factor.ts';

/** Where none is sent, the one that may do least. */
const role = text.transform((typed) => roles.find((one) => one === typed) ?? 'auditor');

export const invitedFields = fieldSet({
  name: { schema: line, label: 'staff.people.name', size: 'medium' },
  email: { schema: line, kind: 'email', label: 'staff.people.email', size: 'medium' },
});

export const inviteMember = deskAction(
  'staff.change',
  schemaOf(invitedFields).extend({ role, password_again: text }),
  async (desk, { name, email, role, password_again }) => {
    const { app, actor, t } = desk;
    const faults = nameFaults(t, name);
    if (faults.length > 0) return again(faults);
    const password = await passwordFaults(desk, password_again);
    if (password.length > 0) return again(password);
    const result = await inviteStaff(app, actor, { email, name, role, locale: null });
    if (result.outcome !== 'added') return again([faultAt('email', t(`staff.people.${result.outcome}`))]);
    return redirect(paths.staffMember(result.staffId), { done: 'invited' });
  },
);

const save = deskAction(
  'staff.change',
  z.object({ name: line, role, password_again: text }),
  async (desk, { name, role, password_again }) => {
    const faults = nameFaults(desk.t, name);
    if (faults.length > 0) return again(faults);
    return change(desk, password_again, [{ role }, { name }]);
  },
);

const proven = z.object({ password_again: text });

const disable = deskAction('staff.change', proven, (desk, { password_again }) =>
  change(desk, password_again, [{ disabled: true }]),
);

const enable = deskAction('staff.change', proven, (desk, { password_again }) =>
  change(desk, password_again, [{ disabled: false }]),
);

const link = deskAction('staff.change', proven, async (desk, { password_again }) => {
  const faults = await passwordFaults(desk, password_again);
  if (faults.length > 0) return again(faults);
  const sent = await sendNewLink(desk.app, desk.actor, idOf(desk));
  if (sent.outcome === 'unknown') throw new Problem(404);
  return done(desk, 'link');
});

const resetTwoFactor = deskAction('staff.change', proven, async (desk, { password_again }) => {
  const faults = await passwordFaults(desk, password_again);
  if (faults.length > 0) return again(faults);
  await removeTwoFactor(desk.app, desk.actor, idOf(desk));
  return done(desk, 'two_factor');
});

/** The buttons of a member's page. */
export const memberActions = { save, disable, enable, link, two_factor: resetTwoFactor };

async function change(desk: OpenDesk, password: string, changes: StaffChange[]): Promise<Response | Again> {
  const faults = await passwordFaults(desk, password);
  if (faults.length > 0) return again(faults);
  for (const one of changes) {
    const { outcome } = await changeStaff(desk.app, desk.actor, idOf(desk), one);
    if (outcome === 'unknown') throw new Problem(404);
    if (outcome !== 'changed') return again([faultAt('role', desk.t(`staff.people.${outcome}`))]);
  }
  return done(desk, 'changed');
}

function nameFaults(t: Translate, name: string): Fault[] {
  return name === '' || name.length > 100 ? [faultAt('name', t('staff.people.missing_name'))] : [];
}

function idOf({ params: { id = '' } }: OpenDesk): string {
  return id;
}

function done(desk: OpenDesk, what: string): Response {
  return redirect(paths.staffMember(idOf(desk)), { done: what });
}
