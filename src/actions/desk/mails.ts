/** What is posted at the desk for mails that were given up, and for a queue that waits. */
import { z } from 'zod';
import { deskAction, redirect } from '#src/desk/desk-action.ts';
import { line } from '#src/http/form-schema.ts';
import { retryPausedQueue, sendFailedMails } from '#src/permissions/failed-mails.ts';
import { paths } from '#src/routes.ts';

const send = deskAction(
  'mails.send',
  z.object({ mail: line.pipe(z.string().min(1)) }),
  async ({ app, actor }, { mail }) => queued(await sendFailedMails(app, actor, [mail])),
);

const sendAll = deskAction('mails.send', z.object({}), async ({ app, actor }) =>
  queued(await sendFailedMails(app, actor, 'all')),
);

const tryAgain = deskAction('mails.send', z.object({}), async ({ app, actor }) => {
  await retryPausedQueue(app, actor);
  return redirect(paths.staffMails(), { tried: '1' });
});

export const mailActions = { send, 'send-all': sendAll, try: tryAgain };

function queued(count: number): Response {
  return redirect(paths.staffMails(), { queued: String(count) });
}
