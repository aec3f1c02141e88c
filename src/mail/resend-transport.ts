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
    if (!answer.error) return acceptedResults(mails, idsIn(answer.data));
    const result = failure(answer.error, answer.headers, key);
    if (result.outcome === 'refused' && mails.length > 1) return sendHalves(mails);
    return mails.map(() => result);
  }

  /** Resend refuses a whole batch for one bad mail. Halving isolates it in few requests; the others are sent. */
  async function sendHalves(mails: OutgoingMail[]): Promise<SendResult[]> {
    const middle = Math.ceil(mails.length / 2);
    return [...(await send(mails.slice(0, middle))), ...(await send(mails.slice(middle)))];
  }

  return { name: 'resend', batch: 100, asBatch: true, send, close: async () => {} };
}

/** The same mails give the same key, so that Resend recognises a repeated request for 24 hours. */
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
    // Resend sets the Message-ID itself; this header identifies duplicates.
    headers: { ...mail.headers, 'X-Entity-Ref-ID': mail.id },
  };
}

/** A 200 answer is a success only for mails that got an id; ids are in the order of the request. */
function acceptedResults(mails: OutgoingMail[], ids: (string | undefined)[]): SendResult[] {
  return mails.map((_, index) => {
    const providerId = ids[index];
    return providerId
      ? { outcome: 'sent', providerId, answer: 'accepted' }
      : { outcome: 'retry', reason: '200 without an id for this mail' };
  });
}

/** Reads `{ id }` for one mail, `{ data: [{ id }] }` for several. Anything else counts as an empty answer. */
function idsIn(answer: unknown): (string | undefined)[] {
  const { id, data } = (answer ?? {}) as { id?: unknown; data?: unknown };
  const entries = Array.isArray(data) ? data : [{ id }];
  return entries.map((entry: { id?: unknown } | null) =>
    typeof entry?.id === 'string' && entry.id !== '' ? entry.id : undefined,
  );
}

interface ResendError {
  name: string;
  message: string;
  /** Null without an answer: no connection, a timeout, an aborted answer. */
  statusCode?: number | null;
}

function failure(error: ResendError, headers: Record<string, string> | null, key: string): SendResult {
  // An answer in another format comes from a proxy or from another server.
  if (headers && error.statusCode === undefined) {
    return { outcome: 'pause', reason: `this is not an answer from Resend: ${JSON.stringify(error)}` };
  }
  const status = error.statusCode ?? 0;
  const reason = `${status || 'no answer'} ${error.name}: ${error.message}`;
  if (isSenderProblem(status, error)) return { outcome: 'pause', reason };
  if (status === 429)
    return { outcome: 'retry', reason, retryAfterSeconds: secondsIn(headers?.['retry-after']) };
  // The first request with this key is still running, or the key was used for another request in the last 24 hours.
  if (status === 0 || status >= 500 || status === 408 || error.name === 'concurrent_idempotent_requests') {
    return { outcome: 'retry', reason, handedOver: key };
  }
  return { outcome: status === 409 ? 'retry' : 'refused', reason };
}

/**
 * The problem is our API key, account, quota, domain or the API URL (https://resend.com/docs/api-reference/errors), so
 * every mail would be refused.
 */
function isSenderProblem(status: number, { name, message }: ResendError): boolean {
  const account = [401, 402, 403, 404, 405, 451].includes(status);
  const named = /_(?:quota_exceeded|api_key)$/.test(name);
  return account || named || name === 'invalid_from_address' || /\bInvalid `from` field/i.test(message);
}

/** `Retry-After`: seconds, or a date. */
function secondsIn(retryAfter: string | undefined): number {
  if (!retryAfter) return 1;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const seconds = Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
  return seconds > 0 ? seconds : 1;
}
