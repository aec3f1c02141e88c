import { z } from 'zod';
import type { Tx } from '#db/connect.ts';
import type { WebhookTable } from '#db/schema/webhooks.ts';
import { faultOfUrl, type WebhookFault } from '#src/exchange/manage-webhooks.ts';
import {
  addWebhook,
  type Delivery,
  eventsOf,
  findWebhook,
  listDeliveries,
  listWebhooks,
  removeWebhook,
  replayDeliveries,
  rotateSecret,
  webhookEvents,
} from '#src/exchange/webhooks.ts';
import { ownId, publicId } from '#src/ids/public-id.ts';
import { newestPosition } from '#src/ledger/give-positions.ts';
import { idAt, idPage } from './cursor.ts';
import { answeredTime, type Call, operation, pageOf, pageQuery } from './operation.ts';
import { ApiProblem, unprocessable } from './problem.ts';

const url = z
  .url({ protocol: /^https?$/, message: 'This is not an address that starts with https://.' })
  .max(500);
const eventType = z.enum(webhookEvents).meta({ id: 'WebhookEvent' });
const events = z.array(eventType).min(1).max(20);
const listed = z
  .object({ id: z.string(), url: z.string(), events, created_at: answeredTime })
  .meta({ id: 'Webhook' });
const delivery = z
  .object({
    id: z.string().meta({ description: 'The `webhook-id` that it is sent with.' }),
    type: eventType,
    state: z
      .enum(['due', 'sent', 'dead'])
      .meta({ description: '`dead`: given up after some days; it can be replayed.' }),
    attempts: z.number().int(),
    last_answer: z
      .string()
      .nullable()
      .meta({ description: 'The status of the last answer, or why there was none.' }),
    attempted_at: answeredTime.nullable(),
    due_at: answeredTime.nullable().meta({ description: 'When the next attempt is made.' }),
    created_at: answeredTime,
  })
  .meta({ id: 'WebhookDelivery' });

export const webhookOperations = [
  operation({
    id: 'addWebhook',
    method: 'POST',
    path: '/webhooks',
    scope: 'admin',
    summary:
      'Adds an address that is notified about changes from now on (Standard Webhooks). The secret is shown only this once.',
    body: z.strictObject({ url, events: events.default([...webhookEvents]) }),
    answers: { 201: { description: 'Added', schema: z.object({ ...listed.shape, secret: z.string() }) } },
    write: async (tx, { app, body }) => {
      const fault = faultOfUrl(app, body.url);
      if (fault) throw unprocessable({ pointer: '/url', code: fault, message: urlFaults[fault] });
      const at = app.now().toISOString();
      const position = await newestPosition(tx);
      const { id, secret } = await addWebhook(tx, app.keys, at, { ...body, position });
      return { status: 201, body: { id: publicId('webhook', id), ...body, created_at: at, secret } };
    },
  }),
  operation({
    id: 'listWebhooks',
    method: 'GET',
    path: '/webhooks',
    scope: 'admin',
    summary: 'All webhooks.',
    query: pageQuery,
    answers: { 200: { description: 'Webhooks', schema: pageOf(listed) } },
    handle: async ({ app, query }) => {
      const after = idAt(app.keys, query.cursor) ?? '';
      const rows = (await listWebhooks(app.db)).filter(({ id }) => id > after);
      const body = idPage(app.keys, rows, query.limit, (row) => ({
        id: publicId('webhook', row.id),
        url: row.url,
        events: eventsOf(row),
        created_at: row.created_at,
      }));
      return { status: 200, body };
    },
  }),
  operation({
    id: 'removeWebhook',
    method: 'DELETE',
    path: '/webhooks/{webhook}',
    scope: 'admin',
    summary: 'Removes a webhook: it is not notified any more.',
    answers: { 200: { description: 'Removed', schema: z.object({ removed: z.literal(true) }) } },
    write: async (tx, call) => {
      const { id } = await requireWebhook(tx, call);
      await removeWebhook(tx, id, call.app.now().toISOString());
      return { status: 200, body: { removed: true } };
    },
  }),
  operation({
    id: 'rotateWebhookSecret',
    method: 'POST',
    path: '/webhooks/{webhook}/secret',
    scope: 'admin',
    summary: 'Makes a new secret. For a day, messages are signed with both.',
    answers: { 200: { description: 'The new secret', schema: z.object({ secret: z.string() }) } },
    write: async (tx, call) => {
      const { id } = await requireWebhook(tx, call);
      return { status: 200, body: { secret: await rotateSecret(tx, call.app.keys, id, call.app.now()) } };
    },
  }),
  operation({
    id: 'listWebhookDeliveries',
    method: 'GET',
    path: '/webhooks/{webhook}/deliveries',
    scope: 'admin',
    summary: 'The messages to a webhook and its answers, newest first. Delivered ones are kept for 30 days.',
    query: z.strictObject({
      ...pageQuery.shape,
      state: z
        .enum(['due', 'sent', 'dead'])
        .optional()
        .meta({ description: 'Only deliveries in this state, e.g. `dead`.' }),
    }),
    answers: { 200: { description: 'Deliveries', schema: pageOf(delivery) } },
    handle: async (call) => {
      const { app, query } = call;
      const { id } = await requireWebhook(app.db, call);
      const before = idAt(app.keys, query.cursor);
      const rows = await listDeliveries(app.db, id, { state: query.state, before, limit: query.limit + 1 });
      return { status: 200, body: idPage(app.keys, rows, query.limit, shown) };
    },
  }),
  operation({
    id: 'replayWebhook',
    method: 'POST',
    path: '/webhooks/{webhook}/replay',
    scope: 'admin',
    summary: 'Queues all dead deliveries again.',
    answers: { 200: { description: 'Queued', schema: z.object({ replayed: z.number().int() }) } },
    write: async (tx, call) => {
      const { id } = await requireWebhook(tx, call);
      const replayed = await replayDeliveries(tx, id, call.app.now().toISOString());
      return { status: 200, body: { replayed } };
    },
  }),
  operation({
    id: 'replayWebhookDelivery',
    method: 'POST',
    path: '/webhooks/{webhook}/deliveries/{delivery}/replay',
    scope: 'admin',
    summary: 'Sends one delivery again, in whichever state it is. It keeps its id.',
    answers: { 200: { description: 'Queued', schema: z.object({ replayed: z.literal(1) }) } },
    write: async (tx, call) => {
      const { id } = await requireWebhook(tx, call);
      const one = ownId('delivery', call.params.delivery);
      const at = call.app.now().toISOString();
      const replayed = one ? await replayDeliveries(tx, id, at, [one]) : 0;
      if (replayed === 0) throw new ApiProblem(404, 'There is no such delivery.');
      return { status: 200, body: { replayed } };
    },
  }),
];

const urlFaults: Record<WebhookFault, string> = {
  not_an_address: 'This is not an address that starts with https://.',
  not_https: 'The address of a webhook must start with https://.',
  credentials:
    'The address must not contain a password, because others can read it. The signature proves who calls.',
};

async function requireWebhook(db: Tx | Call['app']['db'], { params }: Pick<Call, 'params'>) {
  const id = ownId('webhook', params.webhook);
  const webhook: WebhookTable | undefined = id ? await findWebhook(db, id) : undefined;
  if (!webhook) throw new ApiProblem(404, 'There is no such webhook.');
  return webhook;
}

function shown(row: Delivery) {
  const { id, type, state, attempts, last_answer, attempted_at, due_at, created_at } = row;
  return {
    id: publicId('delivery', id),
    type,
    state,
    attempts,
    last_answer,
    attempted_at,
    due_at: state === 'due' ? due_at : null,
    created_at,
  };
}
