/** What is posted at the desk for webhooks. A secret is shown in the answer itself. */

import { z } from 'zod';
import { again, deskAction, faultAt, redirect, show } from '#src/desk/desk-action.ts';
import { endWebhook, faultOfUrl, makeWebhook, renewSecret, replay } from '#src/exchange/manage-webhooks.ts';
import { webhookEvents } from '#src/exchange/webhooks.ts';
import { chosenOf, line, newRowId, text } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { paths } from '#src/routes.ts';

export const addWebhook = deskAction(
  'webhooks.write',
  z.object({ id: newRowId, url: line, event: chosenOf(webhookEvents) }),
  async ({ app, actor, t }, { id, url, event: events }) => {
    const urlFault = faultOfUrl(app, url);
    const faults = [
      ...(urlFault ? [faultAt('url', t(`webhooks.url.${urlFault}`))] : []),
      ...(events.length === 0 ? [faultAt('event', t('exchange.select.needed'))] : []),
    ];
    if (faults.length > 0) return again(faults);
    const secret = await makeWebhook(app, actor, { id, url, events });
    return show({ secret });
  },
);

const rotate = deskAction('webhooks.write', z.object({}), async ({ app, actor, params: { id = '' } }) => {
  const secret = await renewSecret(app, actor, id);
  if (!secret) throw new Problem(404);
  return show({ secret });
});

const remove = deskAction('webhooks.write', z.object({}), async ({ app, actor, params: { id = '' } }) => {
  if (!(await endWebhook(app, actor, id))) throw new Problem(404);
  return redirect(paths.staffWebhooks(), { done: 'removed' });
});

const replayDead = deskAction(
  'webhooks.write',
  z.object({ delivery: text }),
  async ({ app, actor, params: { id = '' } }, { delivery }) => {
    const replayed = await replay(app, actor, id, delivery || undefined);
    return redirect(paths.staffWebhook(id), { replayed: String(replayed) });
  },
);

/** The buttons of a webhook's page. */
export const webhookActions = { rotate, remove, replay: replayDead };
