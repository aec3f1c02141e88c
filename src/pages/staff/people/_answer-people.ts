import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { inviteStaff } from '#src/staff/add-staff.ts';
import {
  type ChangeStaffResult,
  changeStaff,
  type StaffChange,
  sendNewLink,
} from '#src/staff/change-staff.ts';
import { type PasswordProof, requireRecentPassword } from '#src/staff/recent-password.ts';
import { type Role, roles } from '#src/staff/roles.ts';
import { removeTwoFactor } from '#src/staff/two-factor.ts';

type PasswordMissing = Exclude<PasswordProof['outcome'], 'recent'>;

export interface PeopleAnswer {
  fault: { field: string; fault: 'known' | 'invalid_address' | 'missing_name' | 'last_admin' } | undefined;
  password: PasswordMissing | undefined;
  name: string;
  email: string;
  role: Role;
}

/** Who administers staff types the password again when it was long ago: whoever sits there could let anybody in. */
export async function answerInvitation(context: APIContext): Promise<Response | PeopleAnswer> {
  const { app, staff, actor, typed, role } = await read(context);
  const [name, email] = [typed('name'), typed('email')];
  const kept = { name, email, role, fault: undefined, password: undefined };
  if (name === '' || name.length > 100) return { ...kept, fault: { field: 'name', fault: 'missing_name' } };
  const { outcome } = await requireRecentPassword(app, staff, typed('password_again'));
  if (outcome !== 'recent') return { ...kept, password: outcome };
  const result = await inviteStaff(app, actor, { email, name, role, locale: null });
  if (result.outcome !== 'added') return { ...kept, fault: { field: 'email', fault: result.outcome } };
  return context.redirect(`/staff/people/${result.staffId}?done=invited`, 303);
}

export async function answerMember(context: APIContext, staffId: string): Promise<Response | PeopleAnswer> {
  const { app, staff, actor, typed, role } = await read(context);
  const kept = { name: typed('name'), email: '', role, fault: undefined, password: undefined };
  const action = typed('action');
  if (action === 'save' && (kept.name === '' || kept.name.length > 100)) {
    return { ...kept, fault: { field: 'name', fault: 'missing_name' } };
  }
  const { outcome } = await requireRecentPassword(app, staff, typed('password_again'));
  if (outcome !== 'recent') return { ...kept, password: outcome };
  const done = (what: string) => context.redirect(`/staff/people/${staffId}?done=${what}`, 303);
  if (action === 'link') {
    const sent = await sendNewLink(app, actor, staffId);
    if (sent.outcome === 'unknown') throw new Problem(404);
    return done('link');
  }
  if (action === 'two_factor') {
    await removeTwoFactor(app, actor, staffId);
    return done('two_factor');
  }
  const result = await changeAll(context, staffId, changesOf(action, kept.name, role));
  if (result === 'unknown') throw new Problem(404);
  return result === 'changed' ? done('changed') : { ...kept, fault: { field: 'role', fault: 'last_admin' } };
}

async function read(context: APIContext) {
  const desk = openDesk(context);
  const fields = await readForm(context.request);
  const typed = (name: string) => (first(fields, name) ?? '').trim();
  const role = roles.find((one) => one === typed('role')) ?? 'auditor';
  return { ...desk, typed, role };
}

function changesOf(action: string, name: string, role: Role): StaffChange[] {
  if (action === 'disable' || action === 'enable') return [{ disabled: action === 'disable' }];
  if (action === 'save') return [{ role }, { name }];
  throw new Problem(422);
}

async function changeAll(
  context: APIContext,
  staffId: string,
  changes: StaffChange[],
): Promise<ChangeStaffResult['outcome']> {
  const { app, actor } = openDesk(context);
  for (const change of changes) {
    const { outcome } = await changeStaff(app, actor, staffId, change);
    if (outcome !== 'changed') return outcome;
  }
  return 'changed';
}
