import type { APIContext } from 'astro';
import {
  endWebhook,
  faultOfUrl,
  makeWebhook,
  renewSecret,
  replay,
  type WebhookFault,
} from '#src/exchange/manage-webhooks.ts';
import { type WebhookEvent, webhookEvents } from '#src/exchange/webhooks.ts';
import { first } from '#src/forms/fields.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';

export type NewWebhookAnswer =
  | { outcome: 'made'; id: string; secret: string }
  | { outcome: 'made_before' }
  | { outcome: 'refused'; url: string; events: WebhookEvent[]; fault: WebhookFault | undefined };

/** The secret is shown in the answer itself, never at an address that could be opened again. */
export async function answerNewWebhook(context: APIContext): Promise<NewWebhookAnswer> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const [id, url] = ['id', 'url'].map((name) => (first(fields, name) ?? '').trim()) as [string, string];
  const events = webhookEvents.filter((event) => fields.event?.includes(event));
  const fault = faultOfUrl(app, url);
  if (fault || events.length === 0) return { outcome: 'refused', url, events, fault };
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Problem(422);
  const secret = await makeWebhook(app, actor, { id, url, events });
  return secret ? { outcome: 'made', id, secret } : { outcome: 'made_before' };
}

/** What is done to one webhook; the new secret where there is one to show. */
export async function answerWebhook(context: APIContext, id: string): Promise<Response | string> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const [action, delivery] = ['action', 'delivery'].map((name) => first(fields, name));
  if (action === 'remove') {
    if (!(await endWebhook(app, actor, id))) throw new Problem(404);
    return context.redirect('/staff/webhooks?done=removed', 303);
  }
  if (action === 'rotate') {
    const secret = await renewSecret(app, actor, id);
    if (!secret) throw new Problem(404);
    return secret;
  }
  if (action !== 'replay') throw new Problem(422);
  const replayed = await replay(app, actor, id, delivery);
  return context.redirect(`/staff/webhooks/${id}?replayed=${replayed}`, 303);
}
