import type { Generated } from 'kysely';

/** An address that is notified of changes (Standard Webhooks). */
export interface WebhookTable {
  id: string;
  url: string;
  /** JSON list of event types. */
  events: string;
  /** Encrypted with the wrapping key. */
  secret_enc: string;
  /** The previous secret; deliveries are signed with both until then. */
  old_secret_enc: string | null;
  old_secret_until: string | null;
  /** Up to where the change feed was turned into deliveries. */
  position: number;
  created_at: string;
  removed_at: string | null;
}

export interface WebhookDeliveryTable {
  id: string;
  webhook_id: string;
  /** The event type, e.g. `permission.granted`. */
  type: string;
  /** JSON as it is sent. No personal data. */
  body: string;
  state: 'due' | 'sent' | 'dead';
  attempts: number;
  due_at: string;
  /** The status of the last answer, or why there was none. */
  last_answer: string | null;
  attempted_at: Generated<string | null>;
  created_at: string;
}

/**
 * News for webhooks that are not events of the ledger: the id of a suppression, of an event that restricts a person's data,
 * or of the step by which a text went live. Triggers fill it.
 */
export interface WebhookNewsTable {
  id: string;
  kind: 'suppression' | 'restriction' | 'text';
  at: string;
}
