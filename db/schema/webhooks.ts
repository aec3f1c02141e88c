import type { Generated } from 'kysely';

/** An address that is told about changes (Standard Webhooks). */
export interface WebhookTable {
  id: string;
  url: string;
  /** JSON list of event types. */
  events: string;
  /** Encrypted with the wrapping key. */
  secret_enc: string;
  /** The secret before, with which is signed as well until then. */
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
 * What webhooks are still to be told that is no event of the ledger: the id of a suppression, of the event by
 * which a person's data are only kept, or of the step by which a text went live. Triggers fill it.
 */
export interface WebhookNewsTable {
  id: string;
  kind: 'suppression' | 'restriction' | 'text';
  at: string;
}
