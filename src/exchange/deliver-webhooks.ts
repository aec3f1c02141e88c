import { type Selectable, sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import type { WebhookDeliveryTable, WebhookTable } from '#db/schema/webhooks.ts';
import type { App } from '#src/app/app.ts';
import { publicId } from '#src/ids/public-id.ts';
import { postOutside } from './post-outside.ts';
import { secretsOf } from './webhooks.ts';

/** Minutes between attempts: several within an hour, then for days. After the last one a delivery is dead. */
const waits = [1, 5, 30, 120, 300, 600, 1440, 1440];
/** The share by which a wait may be longer, so deliveries that failed together are not all retried together. */
const jitter = 0.2;
const atOnce = 20;
/** Longer than the timeout of a request. After this time another process takes over from one that died. */
const claimSeconds = 30;

interface Counts {
  sent: number;
  failed: number;
}

/** The ids of webhooks with a delivery that is due. */
export async function findDueWebhooks({ db, now }: App): Promise<Set<string>> {
  const due = await db
    .selectFrom('webhook_deliveries')
    .select('webhook_id')
    .distinct()
    // As a constant, so the partial index over due deliveries is used.
    .where(sql<boolean>`state = 'due'`)
    .where('due_at', '<=', now().toISOString())
    .execute();
  return new Set(due.map(({ webhook_id }) => webhook_id));
}

/** Sends until nothing is due. `down`: the receiver accepted nothing of a batch, so sending stopped. */
export async function deliverTo(
  app: App,
  webhook: WebhookTable,
  stopping?: AbortSignal,
): Promise<Counts & { down: boolean }> {
  const counts = { sent: 0, failed: 0 };
  while (!stopping?.aborted) {
    const due = await claimDue(app, webhook);
    if (due.length === 0) break;
    const outcomes = await Promise.all(due.map((delivery) => send(app, webhook, delivery)));
    const sent = outcomes.filter(Boolean).length;
    counts.sent += sent;
    counts.failed += outcomes.length - sent;
    if (sent === 0) return { ...counts, down: true };
  }
  return { ...counts, down: false };
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
  const patience = new Date(now.getTime() + claimSeconds * 1000).toISOString();
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
  // The real clock, because receivers compare the timestamp with theirs.
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
  const marking = app.db
    .updateTable('webhook_deliveries')
    .set({
      state: sent ? 'sent' : wait === undefined ? 'dead' : 'due',
      due_at: new Date(at.getTime() + later(wait ?? 0)).toISOString(),
      last_answer: answer,
    })
    .where('id', '=', delivery.id);
  // A success is always recorded. A failure only if no other process has claimed the delivery meanwhile.
  await (sent ? marking : marking.where('attempts', '=', delivery.attempts)).execute();
  return sent;
}

function later(minutes: number): number {
  return Math.round(minutes * 60_000 * (1 + Math.random() * jitter));
}
