import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { skipLocked } from '#db/locks.ts';
import type { EventKind } from '#db/schema/events.ts';
import type { WebhookTable } from '#db/schema/webhooks.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { publicId } from '#src/ids/public-id.ts';
import { type FeedEntry, readFeed } from './change-feed.ts';
import { newsOf } from './webhook-news.ts';
import { eventsOf, type WebhookEvent } from './webhooks.ts';

/** True when there is something to queue. One statement, because usually there is nothing. */
export async function hasWebhookNews(db: Db, webhooks: Pick<WebhookTable, 'position'>[]): Promise<boolean> {
  const news = await db
    .selectNoFrom((eb) => [
      eb.selectFrom('webhook_news').select('id').limit(1).as('news'),
      eb.selectFrom('ledger_queue').select('event_id').limit(1).as('unnumbered'),
      eb
        .selectFrom('ledger_positions')
        .select((of) => of.fn.max('position').as('last'))
        .as('last'),
    ])
    .executeTakeFirstOrThrow();
  if (news.news !== null) return true;
  if (webhooks.length === 0) return false;
  const oldest = Math.min(...webhooks.map(({ position }) => position));
  return news.unnumbered !== null || Number(news.last ?? 0) > oldest;
}

/**
 * Turns news into deliveries: for each webhook the ledger from its position, at most this many batches, and news that are
 * not in the ledger.
 */
export async function queueWebhooks(
  app: App,
  webhooks: WebhookTable[],
  portions = Number.POSITIVE_INFINITY,
): Promise<void> {
  for (const webhook of webhooks) await queueLedger(app, webhook, portions);
  while ((await queueNews(app, webhooks)) === newsAtOnce);
}

const newsAtOnce = 500;

async function queueLedger(app: App, webhook: WebhookTable, portions: number): Promise<void> {
  const wanted = eventsOf(webhook);
  let position = webhook.position;
  for (let portion = 0; portion < portions; portion++) {
    const news = await readFeed(app.db, position, newsAtOnce);
    const last = news.at(-1)?.position;
    if (last === undefined) return;
    const deliveries = news.flatMap((entry) => {
      const type = typeOf[entry.kind];
      return type && wanted.includes(type)
        ? [deliveryOf(app, webhook, type, entry.occurred_at, dataOf(entry))]
        : [];
    });
    const moved = await app.db.transaction().execute(async (tx) => {
      // Of two processes that read the same news, one moves the position and queues them.
      const claimed = await tx
        .updateTable('webhooks')
        .set({ position: last })
        .where('id', '=', webhook.id)
        .where('position', '=', position)
        .where('removed_at', 'is', null)
        .returning('id')
        .execute();
      if (claimed.length === 0) return false;
      await addDeliveries(tx, deliveries);
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
  // A receiver with a copy of the permission has to stop using it.
  corrected: 'permission.withdrawn',
  expired: 'permission.expired',
  requested: 'permission.pending',
};

/** No personal data: a receiver can ask for more by id. */
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

/** Takes the news that triggers have recorded and queues them for every webhook, in one transaction. Returns how many. */
async function queueNews(app: App, webhooks: WebhookTable[]): Promise<number> {
  return app.db.transaction().execute(async (tx) => {
    const rows = await skipLocked(
      tx,
      tx.selectFrom('webhook_news').selectAll().orderBy('id').limit(newsAtOnce),
    ).execute();
    if (rows.length === 0) return 0;
    const news = await newsOf(tx, rows);
    const deliveries = webhooks.flatMap((webhook) => {
      const wanted = eventsOf(webhook);
      // Only news from after the webhook was added.
      const fresh = news.filter(({ type, at }) => wanted.includes(type) && at >= webhook.created_at);
      return fresh.map(({ type, at, data }) => deliveryOf(app, webhook, type, at, data));
    });
    await addDeliveries(tx, deliveries);
    const ids = rows.map(({ id }) => id);
    await tx
      .deleteFrom('webhook_news')
      .where(isOneOf(tx, 'id', ids))
      .execute();
    return rows.length;
  });
}

function deliveryOf(app: App, webhook: WebhookTable, type: WebhookEvent, timestamp: string, data: object) {
  const at = app.now().toISOString();
  return {
    id: newId(),
    webhook_id: webhook.id,
    type,
    body: JSON.stringify({ type, timestamp, data }),
    state: 'due' as const,
    attempts: 0,
    due_at: at,
    last_answer: null,
    created_at: at,
  };
}

/** In batches, because a statement takes a limited number of values. */
async function addDeliveries(tx: Tx, deliveries: ReturnType<typeof deliveryOf>[]): Promise<void> {
  for (let start = 0; start < deliveries.length; start += 200) {
    await tx
      .insertInto('webhook_deliveries')
      .values(deliveries.slice(start, start + 200))
      .execute();
  }
}
