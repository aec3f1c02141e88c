import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { skipLocked } from '#db/locks.ts';
import type { EventKind, WebhookNewsTable, WebhookTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { idOfBoth, newId } from '#src/ids/new-id.ts';
import { publicId } from '#src/ids/public-id.ts';
import { type FeedEntry, readFeed } from './change-feed.ts';
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

interface News {
  type: WebhookEvent;
  at: string;
  data: object;
}

/** Takes the news that triggers have recorded and queues them for every webhook, in one transaction. Returns how many. */
async function queueNews(app: App, webhooks: WebhookTable[]): Promise<number> {
  return app.db.transaction().execute(async (tx) => {
    const rows = await skipLocked(
      tx,
      tx.selectFrom('webhook_news').selectAll().orderBy('id').limit(newsAtOnce),
    ).execute();
    if (rows.length === 0) return 0;
    const news = [
      ...(await suppressionNews(tx, idsOf(rows, 'suppression'))),
      ...(await restrictionNews(tx, idsOf(rows, 'restriction'))),
      ...(await textNews(tx, idsOf(rows, 'text'))),
    ];
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

function idsOf(rows: WebhookNewsTable[], kind: WebhookNewsTable['kind']): string[] {
  return rows.filter((row) => row.kind === kind).map(({ id }) => id);
}

async function suppressionNews(tx: Tx, ids: string[]): Promise<News[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('suppressions')
    .leftJoin('purposes', 'purposes.id', 'suppressions.purpose_id')
    .leftJoin('contact_points', 'contact_points.lookup_hash', 'suppressions.lookup_hash')
    .select(['suppressions.id', 'suppressions.channel', 'suppressions.reason', 'suppressions.created_at'])
    .select('suppressions.recorded_at')
    .select(['purposes.key as purpose', 'contact_points.id as contact_point_id'])
    .where(isOneOf(tx, 'suppressions.id', ids))
    .orderBy('suppressions.id')
    .execute();
  // Several people may share a number, and an address may belong to nobody yet.
  return [...Map.groupBy(rows, ({ id }) => id).entries()].map(([id, owners]) => {
    const [{ created_at, recorded_at, channel, reason, purpose }] = owners as [(typeof owners)[0]];
    const points = owners.flatMap(({ contact_point_id }) => contact_point_id ?? []);
    const data = {
      id: publicId('suppression', id),
      channel,
      purpose,
      reason,
      contact_point_ids: points.map((point) => publicId('contactPoint', point)),
    };
    // A block that was reported late is still news.
    return { type: 'suppression.added', at: recorded_at ?? created_at, data };
  });
}

/** Blocks every address of a person, with the reason that decisions give. */
async function restrictionNews(tx: Tx, ids: string[]): Promise<News[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('person_events as event')
    .innerJoin('contact_points as point', 'point.person_id', 'event.person_id')
    .select(['event.id as event_id', 'event.recorded_at', 'point.id', 'point.channel'])
    .where(isOneOf(tx, 'event.id', ids))
    .orderBy('event.id')
    .orderBy('point.id')
    .execute();
  return rows.map(({ event_id, recorded_at, id, channel }) => ({
    type: 'suppression.added',
    at: recorded_at,
    data: {
      // Each restriction gets its own id: a receiver that skips known ids must not miss the second one.
      id: publicId('suppression', idOfBoth(event_id, id)),
      channel,
      purpose: null,
      reason: 'restricted',
      contact_point_ids: [publicId('contactPoint', id)],
    },
  }));
}

async function textNews(tx: Tx, ids: string[]): Promise<News[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('consent_text_steps as step')
    .innerJoin('consent_text_versions as version', 'version.id', 'step.version_id')
    .innerJoin('consent_texts as text', 'text.id', 'version.text_id')
    .innerJoin('purposes', 'purposes.id', 'text.purpose_id')
    .select(['step.at', 'version.id', 'version.major', 'version.minor', 'version.sha256'])
    .select(['text.channel', 'text.locale', 'purposes.key as purpose'])
    .where(isOneOf(tx, 'step.id', ids))
    .orderBy('step.id')
    .execute();
  return rows.map(({ at, id, purpose, channel, locale, major, minor, sha256 }) => ({
    type: 'text.published',
    at,
    data: {
      id: publicId('text', id),
      text_version: `${purpose}/${channel}/${locale}@${major}.${minor}`,
      purpose,
      channel,
      locale,
      sha256,
    },
  }));
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
