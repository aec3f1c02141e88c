import { z } from 'zod';
import { newestPosition } from '#src/exchange/change-feed.ts';
import {
  addWebhook,
  listWebhooks,
  removeWebhook,
  replayDead,
  rotateSecret,
  webhookEvents,
} from '#src/exchange/webhooks.ts';
import { answeredTime, operation } from './operation.ts';
import { ApiProblem } from './problem.ts';

const url = z
  .url({ protocol: /^https?$/, message: 'This is no address that starts with https://.' })
  .max(500);
const events = z.array(z.enum(webhookEvents)).min(1);
const listed = z.object({ id: z.string(), url: z.string(), events, created_at: answeredTime });

export const webhookOperations = [
  operation({
    id: 'addWebhook',
    method: 'POST',
    path: '/webhooks',
    scope: 'admin',
    summary:
      'Tells an address about changes from now on, by Standard Webhooks. The secret is shown this once.',
    body: z.strictObject({ url, events: events.default([...webhookEvents]) }),
    answers: { 201: { description: 'Added', schema: z.object({ ...listed.shape, secret: z.string() }) } },
    act: async (tx, { app, body }) => {
      const at = app.now().toISOString();
      if (app.config.production && !body.url.startsWith('https:')) {
        throw new ApiProblem(422, 'In production webhooks go to https:// only.');
      }
      const position = await newestPosition(tx);
      const { id, secret } = await addWebhook(tx, app.keys, at, { ...body, position });
      return { status: 201, body: { id, ...body, created_at: at, secret } };
    },
  }),
  operation({
    id: 'listWebhooks',
    method: 'GET',
    path: '/webhooks',
    scope: 'admin',
    summary: 'All webhooks.',
    answers: {
      200: {
        description: 'Webhooks',
        schema: z.object({ data: z.array(listed), next_cursor: z.null(), has_more: z.literal(false) }),
      },
    },
    handle: async ({ app }) => {
      const data = (await listWebhooks(app.db)).map((row) => ({
        id: row.id,
        url: row.url,
        events: JSON.parse(row.events) as string[],
        created_at: row.created_at,
      }));
      return { status: 200, body: { data, next_cursor: null, has_more: false } };
    },
  }),
  operation({
    id: 'removeWebhook',
    method: 'DELETE',
    path: '/webhooks/{id}',
    scope: 'admin',
    summary: 'Tells it nothing any more.',
    answers: { 200: { description: 'Removed', schema: z.object({ removed: z.literal(true) }) } },
    act: async (tx, { app, params }) => {
      if (!(await removeWebhook(tx, params.id ?? '', app.now().toISOString()))) throw unknown();
      return { status: 200, body: { removed: true } };
    },
  }),
  operation({
    id: 'rotateWebhookSecret',
    method: 'POST',
    path: '/webhooks/{id}/secret',
    scope: 'admin',
    summary: 'A new secret; for a day everything is signed with both.',
    answers: { 200: { description: 'The new secret', schema: z.object({ secret: z.string() }) } },
    act: async (tx, { app, params }) => {
      const secret = await rotateSecret(tx, app.keys, params.id ?? '', app.now());
      if (!secret) throw unknown();
      return { status: 200, body: { secret } };
    },
  }),
  operation({
    id: 'replayWebhook',
    method: 'POST',
    path: '/webhooks/{id}/replay',
    scope: 'admin',
    summary: 'Tries again what could not be delivered in days.',
    answers: { 200: { description: 'Queued', schema: z.object({ replayed: z.number().int() }) } },
    act: async (tx, { app, params }) => {
      const replayed = await replayDead(tx, params.id ?? '', app.now().toISOString());
      return { status: 200, body: { replayed } };
    },
  }),
];

function unknown(): ApiProblem {
  return new ApiProblem(404, 'There is no such webhook.');
}
