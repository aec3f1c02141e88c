import type { APIContext } from 'astro';
import { first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import type { Actor } from '#src/staff/actor.ts';
import { inviteStaff } from '#src/staff/add-staff.ts';
import { changeStaff } from '#src/staff/change-staff.ts';
import { type Role, roles } from '#src/staff/roles.ts';

interface PeopleAnswer {
  fault: 'known' | 'invalid_address' | 'missing_name' | 'last_admin';
  name: string;
  email: string;
  role: Role;
}

export async function answerPeople(context: APIContext, actor: Actor): Promise<Response | PeopleAnswer> {
  const { app } = context.locals;
  const fields = await readForm(context.request);
  const typed = (name: string) => (first(fields, name) ?? '').trim();
  const [action, name, email] = [typed('action'), typed('name'), typed('email')];
  const role = roles.find((one) => one === typed('role'));
  if (!role) throw new Problem(422);
  const back = (done: string) => context.redirect(`/staff/people?done=${done}`, 303);
  if (action === 'invite') {
    if (name === '') return { fault: 'missing_name', name, email, role };
    const result = await inviteStaff(app, actor, { email, name, role, locale: null });
    return result.outcome === 'added' ? back('invited') : { fault: result.outcome, name, email, role };
  }
  const change = action === 'role' ? { role } : { disabled: action === 'disable' };
  const result = await changeStaff(app, actor, typed('staff'), change);
  if (result.outcome === 'unknown') throw new Problem(422);
  return result.outcome === 'changed' ? back('changed') : { fault: 'last_admin', name: '', email: '', role };
}
