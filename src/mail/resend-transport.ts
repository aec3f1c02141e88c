import { createHash } from 'node:crypto';
import { type CreateEmailOptions, Resend } from 'resend';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

export interface ResendSettings {
  apiKey: string;
  baseUrl?: string | undefined;
  timeoutMillis?: number;
}

/** https://resend.com, up to 100 mails in one request. */
export function resendTransport({ apiKey, baseUrl, timeoutMillis = 10_000 }: ResendSettings): Transport {
  const resend = new Resend(apiKey, { baseUrl: (baseUrl ?? 'https://api.resend.com').replace(/\/+$/, '') });

  async function send(mails: OutgoingMail[]): Promise<SendResult[]> {
    const [only] = mails;
    if (!only) return [];
    const key = mails.length === 1 ? only.id : batchKey(mails);
    const options = { idempotencyKey: key, signal: AbortSignal.timeout(timeoutMillis) };
    const answer =
      mails.length === 1
        ? await resend.emails.send(payload(only), options)
        : await resend.batch.send(mails.map(payload), options);
    if (!answer.error) return mails.map((_, index) => accepted(idsIn(answer.data)[index]));
    const result = failure(answer.error, answer.headers, key);
    if (result.outcome === 'refused' && mails.length > 1) return sendHalves(mails);
    return mails.map(() => result);
  }

  /** One bad mail makes Resend refuse all of them. Halving finds it in few requests; the others go out. */
  async function sendHalves(mails: OutgoingMail[]): Promise<SendResult[]> {
    const middle = Math.ceil(mails.length / 2);
    return [...(await send(mails.slice(0, middle))), ...(await send(mails.slice(middle)))];
  }

  return { name: 'resend', batch: 100, together: true, send, close: async () => {} };
}

/** The same mails give the same key, so that Resend knows a repeated request for 24 hours. */
function batchKey(mails: OutgoingMail[]): string {
  const ids = mails.map((mail) => mail.id).join('\n');
  return `batch-${createHash('sha256').update(ids).digest('hex')}`;
}

function payload(mail: OutgoingMail): CreateEmailOptions {
  return {
    from: mail.from,
    to: [mail.to],
    ...(mail.replyTo ? { replyTo: mail.replyTo } : {}),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    // Resend gives the Message-ID itself; this is how a mail that came twice is recognised.
    headers: { ...mail.headers, 'X-Entity-Ref-ID': mail.id },
  };
}

function accepted(id: string | undefined): SendResult {
  return { outcome: 'sent', providerId: id ?? null, answer: 'accepted' };
}

function idsIn(data: { id: string } | { data: { id: string }[] }): string[] {
  return 'id' in data ? [data.id] : data.data.map(({ id }) => id);
}

interface ResendError {
  name: string;
  message: string;
  /** Null when there was no answer at all: no connection, a time-out, an answer that broke off. */
  statusCode?: number | null;
}

function failure(error: ResendError, headers: Record<string, string> | null, key: string): SendResult {
  const status = error.statusCode ?? 0;
  const reason = `${status || 'no answer'} ${error.name}: ${error.message}`;
  if (status === 429)
    return { outcome: 'retry', reason, retryAfterSeconds: secondsIn(headers?.['retry-after']) };
  const isBusyWithIt = error.name === 'concurrent_idempotent_requests';
  if (status === 0 || status >= 500 || status === 408 || isBusyWithIt) {
    return { outcome: 'retry', reason, handedOver: key };
  }
  return { outcome: 'refused', reason };
}

/** `Retry-After`: seconds, or a date. */
function secondsIn(retryAfter: string | undefined): number {
  if (!retryAfter) return 1;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const seconds = Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
  return seconds > 0 ? seconds : 1;
}
