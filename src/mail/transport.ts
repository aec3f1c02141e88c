import type { MailKind } from '#db/schema/mails.ts';

/** A complete mail with its secrets. Exists in memory only, while it is sent. */
export interface OutgoingMail {
  /** Also the idempotency key. */
  id: string;
  kind: MailKind;
  from: string;
  replyTo: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  date: Date;
  headers: Record<string, string>;
}

export type SendResult =
  | { outcome: 'sent'; providerId: string | null; answer: string }
  /**
   * May work later. `handedOver`: the idempotency key of a request that may have been accepted. Its mails are retried
   * together under the same key.
   */
  | { outcome: 'retry'; reason: string; handedOver?: string; retryAfterSeconds?: number }
  /** Permanent failure. `noMailbox`: the address does not exist. */
  | { outcome: 'refused'; reason: string; noMailbox?: true }
  /** The problem is on our side, so every other mail would fail too. `untried`: this mail was not sent. */
  | { outcome: 'pause'; reason: string; untried?: true };

export interface Transport {
  name: string;
  /** Limit of mails per call. */
  batch: number;
  /** The mails of a call are one request to the provider, which must be repeated as a whole. */
  asBatch: boolean;
  /** One result per mail, in order. Does not throw for errors of provider or network. */
  send(mails: OutgoingMail[]): Promise<SendResult[]>;
  close(): Promise<void>;
}
