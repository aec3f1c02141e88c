import type { WebhookEvent } from '#src/exchange/webhooks.ts';
import type { PlainKey, Translate } from '#src/i18n/translate.ts';

/** What an event type is about, for whoever reads no code. */
export function eventText(t: Translate, event: string): string {
  const key = words[event as WebhookEvent];
  return key ? t(key) : event;
}

const words: Record<WebhookEvent, PlainKey> = {
  'permission.granted': 'webhooks.event.permission_granted',
  'permission.withdrawn': 'webhooks.event.permission_withdrawn',
  'permission.expired': 'webhooks.event.permission_expired',
  'permission.pending': 'webhooks.event.permission_pending',
  'suppression.added': 'webhooks.event.suppression_added',
  'text.published': 'webhooks.event.text_published',
};
