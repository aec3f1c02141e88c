/** What is posted at the desk for API keys. A key is shown in the answer itself, never at an address. */
import { z } from 'zod';
import { again, deskAction, faultAt, redirect, show } from '#src/desk/desk-action.ts';
import { passwordFaults } from '#src/desk/password-again.ts';
import { scopes } from '#src/exchange/api-keys.ts';
import { approveKey, makeKey, revokeKey } from '#src/exchange/manage-keys.ts';
import { chosenOf, line, newRowId, text } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { paths } from '#src/routes.ts';

const make = deskAction(
  'keys.write',
  z.object({ id: newRowId, name: line, scope: chosenOf(scopes), password_again: text }),
  async (desk, { id, name, scope, password_again }) => {
    const { app, actor, t } = desk;
    const faults = [
      ...(name === '' || name.length > 100 ? [faultAt('name', t('keys.name.needed'))] : []),
      ...(scope.length === 0 ? [faultAt('scope', t('exchange.select.needed'))] : []),
    ];
    if (faults.length > 0) return again(faults);
    const password = await passwordFaults(desk, password_again);
    if (password.length > 0) return again(password);
    const made = await makeKey(app, actor, { id, name, scopes: scope });
    // Sent a second time it makes nothing: the key was shown with the first answer.
    const { key = undefined, waits = false } = made.outcome === 'made' ? made : {};
    return show({ name, key, waits });
  },
);

/** A second person stands for a powerful key. */
const approve = deskAction(
  'keys.approve',
  z.object({ key: line, password_again: text }),
  async (desk, { key, password_again }) => {
    const faults = await passwordFaults(desk, password_again);
    if (faults.length > 0) return again(faults);
    return redirect(paths.staffKeys(), { done: await approveKey(desk.app, desk.actor, key) });
  },
);

const revoke = deskAction('keys.write', z.object({ key: line }), async ({ app, actor }, { key }) => {
  if (!(await revokeKey(app, actor, key))) throw new Problem(404);
  return redirect(paths.staffKeys(), { done: 'revoked' });
});

export const keyActions = { make, approve, revoke };
