import { z } from 'zod';
import { redirect } from '#src/http/action-result.ts';
import { clientOf } from '#src/http/client.ts';
import { oneOf } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { requireMailBudget } from '#src/http/require-mail-budget.ts';
import { isLocale } from '#src/i18n/locales.ts';
import { cutLink } from '#src/links/cut-link.ts';
import { paths } from '#src/routes.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { findPurgedLink } from '#src/signups/purged-links.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { resendByToken } from '#src/signups/resend-confirmation.ts';
import { undoRejection } from '#src/signups/undo-rejection.ts';
import { type ActionContext, action } from './action.ts';

const buttons = ['confirm', 'reject', 'undo', 'resend'] as const;

/** Does what the button says and shows the same page again, which now tells the outcome. */
export const answerConfirmation = action(
  z.object({ action: oneOf(buttons) }),
  async (context, { action: button }) => {
    const token = cutLink(context.params.token ?? '');
    const isKnown = await press(button, context, token);
    // The page of a deleted request says so.
    if (!isKnown && !(await findPurgedLink(context.locals.app, token))) throw new Problem(404);
    const lang = context.url.searchParams.get('lang');
    return redirect(paths.confirm(token), {
      ...(isLocale(lang) && { lang }),
      ...(isKnown && button === 'resend' && { again: '1' }),
    });
  },
);

/** Whether the link is one of ours. */
async function press(
  button: (typeof buttons)[number],
  context: ActionContext,
  token: string,
): Promise<boolean> {
  const { app } = context.locals;
  const client = clientOf(context);
  switch (button) {
    case 'confirm':
      return (await confirmSignup(app, token, client)).outcome !== 'unknown_link';
    case 'reject':
      return (await rejectSignup(app, token, client)).outcome !== 'unknown_link';
    case 'undo':
      return (await undoRejection(app, token, client)).outcome !== 'unknown_link';
    case 'resend':
      await requireMailBudget(app);
      return resendByToken(app, token);
  }
}
