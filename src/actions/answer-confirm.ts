import { first } from '#src/forms/fields.ts';
import { clientOf } from '#src/http/client.ts';
import { isLocale } from '#src/http/locale.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { requireMailBudget } from '#src/http/require-mail-budget.ts';
import { seeOther } from '#src/http/see-other.ts';
import { paths } from '#src/routes.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { findPurgedLink } from '#src/signups/purged-links.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { resendByToken } from '#src/signups/resend-confirmation.ts';
import { undoRejection } from '#src/signups/undo-rejection.ts';
import type { ActContext } from './action-context.ts';

/** Does what the button says and shows the same page again, which now tells the outcome. */
export async function answerConfirm(context: ActContext, token: string): Promise<Response> {
  const action = first(await readForm(context.request), 'action');
  const known = await act(context, token, action);
  // The page of a deleted request says so.
  if (!known && !(await findPurgedLink(context.locals.app, token))) throw new Problem(404);
  const lang = context.url.searchParams.get('lang');
  const query = new URLSearchParams();
  if (isLocale(lang)) query.set('lang', lang);
  if (known && action === 'resend') query.set('again', '1');
  const path = paths.confirm(token);
  return seeOther(query.size > 0 ? `${path}?${query}` : path);
}

/** Whether the link is one of ours. */
async function act(context: ActContext, token: string, action: string | undefined): Promise<boolean> {
  const { app } = context.locals;
  const client = clientOf(context);
  switch (action) {
    case 'confirm':
      return (await confirmSignup(app, token, client)).outcome !== 'unknown_link';
    case 'reject':
      return (await rejectSignup(app, token, client)).outcome !== 'unknown_link';
    case 'undo':
      return (await undoRejection(app, token, client)).outcome !== 'unknown_link';
    case 'resend':
      await requireMailBudget(app);
      return resendByToken(app, token);
    default:
      throw new Problem(422);
  }
}
