import type { Selectable } from 'kysely';
import { Webhook } from 'standardwebhooks';
import type { WebhookDeliveryTable, WebhookTable } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { publicId } from '#src/ids.ts';
import { postOutside } from './post-outside.ts';
import { queueWebhooks } from './queue-webhooks.ts';
import { listWebhooks, secretsOf } from './webhooks.ts';

/** Minutes between attempts: some within the hour, then for days. After the last one a delivery is dead. */
const waits = [1, 5, 30, 120, 300, 600, 1440, 1440];
/** How much longer a wait may be, so that what failed together does not come back together. */
const jitter = 0.2;
const atOnce = 20;
/** Other jobs wait for this one: who answers slowly gets the rest in the next round. */
const patienceMs = 20_000;

interface Counts {
  sent: number;
  failed: number;
}

/** Turns what is new into deliveries, and sends those that are due (Standard Webhooks). */
export async function deliverWebhooks(app: App): Promise<Counts & Record<string, number>> {
  const webhooks = await listWebhooks(app.db);
  await queueWebhooks(app, webhooks);
  const counts = { sent: 0, failed: 0 };
  await Promise.all(webhooks.map((webhook) => deliverTo(app, webhook, counts)));
  return counts;
}

/** A receiver that is down is asked a few times a round, and keeps nobody else waiting. */
async function deliverTo(app: App, webhook: WebhookTable, counts: Counts): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const due = await claimDue(app, webhook);
    if (due.length === 0) return;
    const outcomes = await Promise.all(due.map((delivery) => send(app, webhook, delivery)));
    const sent = outcomes.filter(Boolean).length;
    counts.sent += sent;
    counts.failed += outcomes.length - sent;
    if (sent < outcomes.length || Date.now() > end) return;
  }
}

async function claimDue(app: App, webhook: WebhookTable): Promise<Selectable<WebhookDeliveryTable>[]> {
  const now = app.now();
  const ids = await app.db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('webhook_id', '=', webhook.id)
    .where('state', '=', 'due')
    .where('due_at', '<=', now.toISOString())
    .orderBy('due_at')
    .orderBy('id')
    .limit(atOnce)
    .execute();
  if (ids.length === 0) return [];
  const patience = new Date(now.getTime() + 120_000).toISOString();
  return app.db
    .updateTable('webhook_deliveries')
    .set((eb) => ({
      due_at: patience,
      attempts: eb('attempts', '+', 1),
      attempted_at: now.toISOString(),
    }))
    .where(
      'id',
      'in',
      ids.map(({ id }) => id),
    )
    .where('state', '=', 'due')
    .where('due_at', '<=', now.toISOString())
    .returningAll()
    .execute();
}

async function send(
  app: App,
  webhook: WebhookTable,
  delivery: Selectable<WebhookDeliveryTable>,
): Promise<boolean> {
  const at = app.now();
  // Receivers compare with their own clock, so the stamp is of the real one.
  const stamp = new Date();
  const id = publicId('delivery', delivery.id);
  const signatures = secretsOf(app.keys, webhook, at.toISOString()).map((secret) =>
    new Webhook(secret).sign(id, stamp, delivery.body),
  );
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'Jawort',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(stamp.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  };
  const answer = await postOutside(webhook.url, headers, delivery.body, app.config.webhooksMayBePrivate);
  const sent = /^2\d\d$/.test(answer);
  const wait = waits[delivery.attempts - 1];
  await app.db
    .updateTable('webhook_deliveries')
    .set({
      state: sent ? 'sent' : wait === undefined ? 'dead' : 'due',
      due_at: new Date(at.getTime() + later(wait ?? 0)).toISOString(),
      last_answer: answer,
    })
    .where('id', '=', delivery.id)
    .execute();
  return sent;
}

function later(minutes: number): number {
  return Math.round(minutes * 60_000 * (1 + Math.random() * jitter));
}
