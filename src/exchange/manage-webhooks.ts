import type { Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { newestPosition } from './change-feed.ts';
import { addWebhook, removeWebhook, replayDeliveries, rotateSecret, type WebhookEvent } from './webhooks.ts';

export type WebhookFault = 'not_https' | 'not_an_address' | 'credentials';

/** What is wrong with an address that somebody wants to be told at. */
export function faultOfUrl(app: App, url: string): WebhookFault | undefined {
  if (url.length > 500 || !URL.canParse(url)) return 'not_an_address';
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return 'not_an_address';
  // It is shown to whoever may see webhooks, and the signature is what proves who calls.
  if (username || password) return 'credentials';
  return protocol === 'http:' && !app.config.webhooksMayBePrivate ? 'not_https' : undefined;
}

/** `undefined`: the same form was sent again, and a secret is shown only once. */
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

/** Sends what is dead, or the one delivery that is named, once more; returns how many that are. */
export async function replay(app: App, by: Actor, id: string, delivery?: string): Promise<number> {
  const details = delivery ? { delivery } : {};
  return atDesk(app, by, 'webhook.replayed', id, details, (tx, at) =>
    replayDeliveries(tx, id, at, delivery ? [delivery] : undefined),
  );
}

/** In the audit trail when it came to something. */
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

/** The host is enough for the trail: a path may hold a token of the receiver. */
function namesOf({ url, events }: { url: string; events: WebhookEvent[] }) {
  return { host: new URL(url).host, events };
}
