import { randomBytes } from 'node:crypto';
import type { Db, Tx } from '#db/connect.ts';
import type { WebhookTable } from '#db/schema.ts';
import { newId } from '#src/ids.ts';
import type { Keys } from '#src/keys.ts';
import { decryptText, encryptText } from '#src/people/encryption.ts';

export const webhookEvents = [
  'permission.granted',
  'permission.withdrawn',
  'permission.expired',
  'permission.pending',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Tells an address about changes from now on. The secret is shown this once. */
export async function addWebhook(
  tx: Tx,
  keys: Keys,
  at: string,
  wanted: { url: string; events: WebhookEvent[]; position: number },
): Promise<{ id: string; secret: string }> {
  const secret = newSecret();
  const id = newId();
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

export async function listWebhooks(db: Db): Promise<WebhookTable[]> {
  return db.selectFrom('webhooks').selectAll().where('removed_at', 'is', null).orderBy('id').execute();
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

/** A new secret. For a day everything is signed with the old one as well. `undefined`: there is no such webhook. */
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

/** What could not be delivered in days is tried again from now on. */
export async function replayDead(tx: Tx, id: string, at: string): Promise<number> {
  const again = await tx
    .updateTable('webhook_deliveries')
    .set({ state: 'due', attempts: 0, due_at: at })
    .where('webhook_id', '=', id)
    .where('state', '=', 'dead')
    .returning('id')
    .execute();
  return again.length;
}

/** The secrets to sign with now. */
export function secretsOf(keys: Keys, webhook: WebhookTable, at: string): string[] {
  const { secret_enc, old_secret_enc, old_secret_until } = webhook;
  const old = old_secret_enc && old_secret_until && old_secret_until > at ? [old_secret_enc] : [];
  return [secret_enc, ...old].map((sealed) => decryptText(keys.wrapping, sealed));
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
