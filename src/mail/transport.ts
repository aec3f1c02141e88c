import type { MailKind } from '#db/schema.ts';

/** A mail with its secrets in it. It lives in memory only, for as long as it takes to hand it over. */
export interface OutgoingMail {
  /** Also the idempotency key: a mail that is handed over twice is recognised by it. */
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
   * May work later. `handedOver` is the key of the request that may have been taken all the same: the mails
   * under one key are handed over together again, and nothing else with them.
   */
  | { outcome: 'retry'; reason: string; handedOver?: string; retryAfterSeconds?: number }
  /** Will never work: trying again would say the same. `noMailbox`: because the address does not exist. */
  | { outcome: 'refused'; reason: string; noMailbox?: true }
  /**
   * It is about us and not about this mail: every other mail would be refused in the same way. `untried`: this mail
   * was not even handed over.
   */
  | { outcome: 'pause'; reason: string; untried?: true };

export interface Transport {
  name: string;
  /** How many mails one call takes at most. */
  batch: number;
  /** Whether the mails of a call are one request to the provider, to be repeated as a whole. */
  together: boolean;
  /** One result a mail, in their order. Never throws for what a provider or a network does. */
  send(mails: OutgoingMail[]): Promise<SendResult[]>;
  close(): Promise<void>;
}
