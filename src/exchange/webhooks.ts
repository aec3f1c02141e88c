import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import type { WebhookDeliveryTable, WebhookTable } from '#db/schema/webhooks.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { decryptText, encryptText } from '#src/people/encryption.ts';
import type { Keys } from '#src/secrets/keys.ts';

export const webhookEvents = [
  'permission.granted',
  'permission.withdrawn',
  'permission.expired',
  'permission.pending',
  'suppression.added',
  'text.published',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Adds a webhook for changes from now on. The secret is shown only this once. */
export async function addWebhook(
  tx: Tx,
  keys: Keys,
  at: string,
  wanted: { id?: string; url: string; events: WebhookEvent[]; position: number },
): Promise<{ id: string; secret: string }> {
  const secret = newSecret();
  const { id = newId() } = wanted;
  await tx
    .insertInto('webhooks')
    .values({
      id,
      url: wanted.url,
      events: JSON.stringify(wanted.events),
      secret_enc: encryptText(keys.wrapping, secret),
      old_secret_enc: null,
      old_secret_until: null,
      position: wanted.position,
      created_at: at,
      removed_at: null,
    })
    .execute();
  return { id, secret };
}

export function eventsOf({ events }: Pick<WebhookTable, 'events'>): WebhookEvent[] {
  return JSON.parse(events) as WebhookEvent[];
}

export async function listWebhooks(db: Db): Promise<WebhookTable[]> {
  return db.selectFrom('webhooks').selectAll().where('removed_at', 'is', null).orderBy('id').execute();
}

export async function findWebhook(db: Db, id: string): Promise<WebhookTable | undefined> {
  return db
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
}

/** False when there is no such webhook. */
export async function removeWebhook(tx: Tx, id: string, at: string): Promise<boolean> {
  const removed = await tx
    .updateTable('webhooks')
    .set({ removed_at: at })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .returning('id')
    .execute();
  if (removed.length === 0) return false;
  await tx.deleteFrom('webhook_deliveries').where('webhook_id', '=', id).execute();
  return true;
}

/** Returns a new secret. For a day messages are signed with the old one as well. `undefined`: there is no such webhook. */
export async function rotateSecret(tx: Tx, keys: Keys, id: string, at: Date): Promise<string | undefined> {
  const secret = newSecret();
  const changed = await tx
    .updateTable('webhooks')
    .set((eb) => ({
      old_secret_enc: eb.ref('secret_enc'),
      old_secret_until: new Date(at.getTime() + 86_400_000).toISOString(),
      secret_enc: encryptText(keys.wrapping, secret),
    }))
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .returning('id')
    .execute();
  return changed.length > 0 ? secret : undefined;
}

/**
 * Queues dead deliveries again, or the named ones in whichever state they are. They keep their ids, by which a receiver
 * recognises what it has already. Returns how many.
 */
export async function replayDeliveries(
  tx: Tx,
  webhookId: string,
  at: string,
  ids?: string[],
): Promise<number> {
  let again = tx
    .updateTable('webhook_deliveries')
    .set({ state: 'due', attempts: 0, due_at: at })
    .where('webhook_id', '=', webhookId);
  again = ids ? again.where('id', 'in', ids) : again.where('state', '=', 'dead');
  return (await again.returning('id').execute()).length;
}

export type Delivery = Selectable<WebhookDeliveryTable>;

/** Newest first. `before` is the last id of the previous page. */
export async function listDeliveries(
  db: Db,
  webhookId: string,
  { state, before, limit }: { state?: Delivery['state']; before?: string; limit: number },
): Promise<Delivery[]> {
  let query = db.selectFrom('webhook_deliveries').selectAll().where('webhook_id', '=', webhookId);
  if (state) query = query.where('state', '=', state);
  if (before) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

/** The number of deliveries of each webhook in each state. */
export async function countDeliveries(
  db: Db,
): Promise<Map<string, Partial<Record<Delivery['state'], number>>>> {
  const rows = await db
    .selectFrom('webhook_deliveries')
    .select(['webhook_id', 'state', (eb) => eb.fn.countAll().as('count')])
    .groupBy(['webhook_id', 'state'])
    .execute();
  const counts = new Map<string, Partial<Record<Delivery['state'], number>>>();
  for (const { webhook_id, state, count } of rows) {
    counts.set(webhook_id, { ...counts.get(webhook_id), [state]: Number(count) });
  }
  return counts;
}

/** Deletes some of the deliveries that succeeded more than 30 days ago. Returns how many. */
export async function forgetOldDeliveries(app: App, most = 1000): Promise<number> {
  const before = new Date(app.now().getTime() - keptDays * 86_400_000).toISOString();
  const gone = await app.db
    .deleteFrom('webhook_deliveries')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('state', '=', 'sent')
        .where('created_at', '<', before)
        .limit(most),
    )
    .where('state', '=', 'sent')
    .executeTakeFirst();
  return Number(gone.numDeletedRows);
}

const keptDays = 30;

/** The secrets that sign at this time. */
export function secretsOf(keys: Keys, webhook: WebhookTable, at: string): string[] {
  const { secret_enc, old_secret_enc, old_secret_until } = webhook;
  const old = old_secret_enc && old_secret_until && old_secret_until > at ? [old_secret_enc] : [];
  return [secret_enc, ...old].map((sealed) => decryptText(keys.wrapping, sealed));
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
