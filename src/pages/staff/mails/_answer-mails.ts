import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { retryPausedQueue, sendFailedMails } from '#src/permissions/failed-mails.ts';

/** `send` with a `mail`, `send-all`, or `try`. */
export async function answerMails(context: APIContext): Promise<Response> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const [action, mail] = ['action', 'mail'].map((name) => first(fields, name));
  if (action === 'try') {
    await retryPausedQueue(app, actor);
    return context.redirect('/staff/mails?tried=1', 303);
  }
  if (action === 'send' ? !mail : action !== 'send-all') throw new Problem(422);
  const count = await sendFailedMails(app, actor, mail && action === 'send' ? [mail] : 'all');
  return context.redirect(`/staff/mails?queued=${count}`, 303);
}
