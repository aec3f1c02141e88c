import type { Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { newestPosition } from '#src/ledger/give-positions.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { addWebhook, removeWebhook, replayDeliveries, rotateSecret, type WebhookEvent } from './webhooks.ts';

export type WebhookFault = 'not_https' | 'not_an_address' | 'credentials';

/** What is wrong with the address of a webhook; `undefined` when nothing is. */
export function faultOfUrl(app: App, url: string): WebhookFault | undefined {
  if (url.length > 500 || !URL.canParse(url)) return 'not_an_address';
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return 'not_an_address';
  // Everybody who may see webhooks would see the password. The signature proves who calls.
  if (username || password) return 'credentials';
  return protocol === 'http:' && !app.config.webhooksMayBePrivate ? 'not_https' : undefined;
}

/** Returns the secret. `undefined`: the same form was sent again; the secret was shown already. */
export async function makeWebhook(
  app: App,
  by: Actor,
  wanted: { id: string; url: string; events: WebhookEvent[] },
): Promise<string | undefined> {
  try {
    return await atDesk(app, by, 'webhook.added', wanted.id, namesOf(wanted), async (tx, at) => {
      const position = await newestPosition(tx);
      return (await addWebhook(tx, app.keys, at, { ...wanted, position })).secret;
    });
  } catch (error) {
    if (isUniqueViolation(error)) return undefined;
    throw error;
  }
}

/** `undefined` when there is no such webhook. */
export async function renewSecret(app: App, by: Actor, id: string): Promise<string | undefined> {
  return atDesk(app, by, 'webhook.secret_rotated', id, {}, (tx) => rotateSecret(tx, app.keys, id, app.now()));
}

/** False when there is no such webhook. */
export async function endWebhook(app: App, by: Actor, id: string): Promise<boolean> {
  return atDesk(app, by, 'webhook.removed', id, {}, (tx, at) => removeWebhook(tx, id, at));
}

/** Queues all dead deliveries, or the named one, again. Returns how many. */
export async function replay(app: App, by: Actor, id: string, delivery?: string): Promise<number> {
  const details = delivery ? { delivery } : {};
  return atDesk(app, by, 'webhook.replayed', id, details, (tx, at) =>
    replayDeliveries(tx, id, at, delivery ? [delivery] : undefined),
  );
}

/** Adds an entry to the audit trail when something was changed. */
async function atDesk<Done>(
  app: App,
  by: Actor,
  act: string,
  id: string,
  details: Record<string, unknown>,
  run: (tx: Tx, at: string) => Promise<Done>,
): Promise<Done> {
  requireAbility(by, 'webhooks.write');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const done = await run(tx, at);
    if (done) await recordAudit(tx, at, by, act, `webhook:${id}`, details);
    return done;
  });
}

/** Only the host, because the path may hold a token of the receiver. */
function namesOf({ url, events }: { url: string; events: WebhookEvent[] }) {
  return { host: new URL(url).host, events };
}
