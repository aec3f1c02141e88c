import type { APIContext } from 'astro';
import { first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { requireRecentPassword } from '#src/staff/recent-password.ts';
import type { OpenSession } from '#src/staff/sessions.ts';
import {
  confirmTwoFactor,
  needsTwoFactor,
  prepareTwoFactor,
  removeTwoFactor,
  replaceRecoveryCodes,
} from '#src/staff/two-factor.ts';

export type TwoFactorFault =
  | { field: 'code'; fault: 'wrong' }
  | { field: 'password_again'; fault: 'needed' | 'wrong' | 'locked' };

/** What happened goes into the address, so that the page can tell it after the redirect. */
export async function answerTwoFactor(
  context: APIContext,
  open: OpenSession,
): Promise<Response | TwoFactorFault> {
  const { app } = context.locals;
  const { actor } = open;
  const fields = await readForm(context.request);
  const back = (done?: string) =>
    context.redirect(`/staff/account/two-factor${done ? `?done=${done}` : ''}`, 303);
  const proof = await requireRecentPassword(app, open, first(fields, 'password_again'));
  if (proof.outcome !== 'recent') return { field: 'password_again', fault: proof.outcome };
  switch (first(fields, 'action')) {
    case 'prepare':
      await prepareTwoFactor(app, actor);
      return back();
    case 'confirm': {
      const { outcome } = await confirmTwoFactor(app, actor, first(fields, 'code') ?? '');
      return outcome === 'confirmed' ? back('turned_on') : { field: 'code', fault: 'wrong' };
    }
    case 'codes':
      await replaceRecoveryCodes(app, actor);
      return back('renewed');
    case 'remove':
      if (needsTwoFactor(app, actor.role)) throw new Problem(403);
      await removeTwoFactor(app, actor, actor.id);
      return back('turned_off');
    default:
      throw new Problem(422);
  }
}
