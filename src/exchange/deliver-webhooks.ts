import { Webhook } from 'standardwebhooks';
import type { EventKind, WebhookDeliveryTable, WebhookTable } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { newId, publicId } from '#src/ids.ts';
import { type FeedEntry, readFeed } from './change-feed.ts';
import { postOutside } from './post-outside.ts';
import { listWebhooks, secretsOf, type WebhookEvent } from './webhooks.ts';

/** Minutes between attempts: some within the hour, then for days. After the last one a delivery is dead. */
const waits = [1, 5, 30, 120, 300, 600, 1440, 1440];
const atOnce = 20;

/** Turns what is new in the ledger into deliveries, and sends those that are due (Standard Webhooks). */
export async function deliverWebhooks(app: App): Promise<{ sent: number; failed: number }> {
  const webhooks = await listWebhooks(app.db);
  for (const webhook of webhooks) await queueNews(app, webhook);
  const counts = { sent: 0, failed: 0 };
  for (;;) {
    const due = await claimDue(app);
    if (due.length === 0) return counts;
    const outcomes = await Promise.all(
      due.map((delivery) =>
        send(
          app,
          delivery,
          webhooks.find(({ id }) => id === delivery.webhook_id),
        ),
      ),
    );
    for (const sent of outcomes) counts[sent ? 'sent' : 'failed']++;
  }
}

async function queueNews(app: App, webhook: WebhookTable): Promise<void> {
  const wanted = JSON.parse(webhook.events) as WebhookEvent[];
  let position = webhook.position;
  for (;;) {
    const news = await readFeed(app.db, position, 500);
    const last = news.at(-1)?.position;
    if (last === undefined) return;
    const at = app.now().toISOString();
    const deliveries = news.flatMap((entry) => {
      const type = typeOf[entry.kind];
      if (!type || !wanted.includes(type)) return [];
      const body = JSON.stringify({ type, timestamp: entry.occurred_at, data: dataOf(entry) });
      const blank = { state: 'due' as const, attempts: 0, due_at: at, last_answer: null, created_at: at };
      return [{ ...blank, id: newId(), webhook_id: webhook.id, body }];
    });
    const moved = await app.db.transaction().execute(async (tx) => {
      // Of two processes that read the same news, one moves on and queues them.
      const claimed = await tx
        .updateTable('webhooks')
        .set({ position: last })
        .where('id', '=', webhook.id)
        .where('position', '=', position)
        .returning('id')
        .execute();
      if (claimed.length === 0) return false;
      if (deliveries.length > 0) await tx.insertInto('webhook_deliveries').values(deliveries).execute();
      return true;
    });
    if (!moved) return;
    position = last;
  }
}

const typeOf: Partial<Record<EventKind, WebhookEvent>> = {
  confirmed: 'permission.granted',
  granted: 'permission.granted',
  renewed: 'permission.granted',
  imported: 'permission.granted',
  withdrawn: 'permission.withdrawn',
  objected: 'permission.withdrawn',
  refused: 'permission.withdrawn',
  expired: 'permission.expired',
  requested: 'permission.pending',
};

/** No personal data: who wants more asks by id. */
function dataOf(entry: FeedEntry) {
  return {
    id: publicId('event', entry.id),
    position: entry.position,
    event: entry.kind,
    permission_id: publicId('permission', entry.permission_id),
    contact_point_id: publicId('contactPoint', entry.contact_point_id),
    purpose: entry.purpose,
    channel: entry.channel,
    basis: entry.basis,
    text_version: entry.text_version,
    origin: entry.origin,
  };
}

async function claimDue(app: App): Promise<WebhookDeliveryTable[]> {
  const now = app.now();
  const ids = await app.db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('state', '=', 'due')
    .where('due_at', '<=', now.toISOString())
    .orderBy('due_at')
    .limit(atOnce)
    .execute();
  if (ids.length === 0) return [];
  const patience = new Date(now.getTime() + 120_000).toISOString();
  return app.db
    .updateTable('webhook_deliveries')
    .set((eb) => ({ due_at: patience, attempts: eb('attempts', '+', 1) }))
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
  delivery: WebhookDeliveryTable,
  webhook: WebhookTable | undefined,
): Promise<boolean> {
  if (!webhook) return false;
  const at = app.now();
  // Receivers compare with their own clock, so the stamp is of the real one.
  const stamp = new Date();
  const id = `msg_${delivery.id}`;
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
  const answer = await postOutside(webhook.url, headers, delivery.body, !app.config.production);
  const sent = /^2\d\d$/.test(answer);
  const wait = waits[delivery.attempts - 1];
  await app.db
    .updateTable('webhook_deliveries')
    .set({
      state: sent ? 'sent' : wait === undefined ? 'dead' : 'due',
      due_at: new Date(at.getTime() + (wait ?? 0) * 60_000).toISOString(),
      last_answer: answer,
    })
    .where('id', '=', delivery.id)
    .execute();
  return sent;
}
