import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { type Scope, scopes } from '#src/exchange/api-keys.ts';
import { approveKey, makeKey, revokeKey } from '#src/exchange/manage-keys.ts';
import { first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { type PasswordProof, requireRecentPassword } from '#src/staff/recent-password.ts';

export type KeysAnswer =
  | { outcome: 'made'; name: string; key: string; waits: boolean }
  /** The review once more: the password is still to be typed. */
  | { outcome: 'not_approved'; id: string; password: Exclude<PasswordProof['outcome'], 'recent'> }
  | { outcome: 'made_before' }
  | {
      outcome: 'refused';
      name: string;
      scopes: Scope[];
      faults: { name: boolean; scopes: boolean };
      password: Exclude<PasswordProof['outcome'], 'recent'> | undefined;
    };

/** A key is shown in the answer itself, never at an address that could be opened again. */
export async function answerKeys(context: APIContext): Promise<Response | KeysAnswer> {
  const { app, staff, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const typed = (field: string) => (first(fields, field) ?? '').trim();
  if (typed('action') === 'revoke') {
    if (!(await revokeKey(app, actor, typed('key')))) throw new Problem(404);
    return context.redirect('/staff/keys?done=revoked', 303);
  }
  if (typed('action') === 'approve') {
    const { outcome } = await requireRecentPassword(app, staff, typed('password_again'));
    if (outcome !== 'recent') return { outcome: 'not_approved', id: typed('key'), password: outcome };
    const done = await approveKey(app, actor, typed('key'));
    return context.redirect(`/staff/keys?done=${done}`, 303);
  }
  const name = typed('name');
  const wished = scopes.filter((scope) => fields.scope?.includes(scope));
  const faults = { name: name === '' || name.length > 100, scopes: wished.length === 0 };
  const refused = { outcome: 'refused', name, scopes: wished, faults, password: undefined } as const;
  if (faults.name || faults.scopes) return refused;
  const { outcome } = await requireRecentPassword(app, staff, typed('password_again'));
  if (outcome !== 'recent') return { ...refused, password: outcome };
  const id = typed('id');
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Problem(422);
  const made = await makeKey(app, actor, { id, name, scopes: wished });
  return made.outcome === 'made' ? { outcome: 'made', name, key: made.key, waits: made.waits } : made;
}
