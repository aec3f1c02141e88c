import type { MailTable } from '#db/schema/mails.ts';
import type { App } from '#src/app/app.ts';
import { maxAttempts, retryAt } from './back-off.ts';
import type { Claim } from './claim.ts';
import type { MailUpdate } from './mark.ts';
import { scrub } from './scrub.ts';
import type { SendResult } from './transport.ts';

export type Result = SendResult | { outcome: 'cancelled' };

/** Computes the update of a mail from the result of an attempt: sent, queued for a retry, or failed. */
export type UpdateRule = (
  row: MailTable,
  result: Result,
  mail: { subject: string; expiresAt?: string },
) => MailUpdate;

/** Takes the attempt back. A mail that was tried goes to the end of the queue, so that the next probe is another one. */
function pausedUpdate(
  row: MailTable,
  { reason, untried }: Extract<SendResult, { outcome: 'pause' }>,
  subject: string,
  isRepeat: boolean,
  now: Date,
): MailUpdate {
  const waits = {
    state: 'queued',
    attempts: row.attempts - 1,
    batch_id: isRepeat ? row.batch_id : null,
  } as const;
  const tried = { due_at: now.toISOString(), provider_answer: scrub(reason, subject) };
  return { id: row.id, set: untried ? waits : { ...waits, ...tried } };
}

/** One rule per claim, so that mails of one batch are retried at the same time. */
export function updateRule({ mails, isRepeat }: Pick<Claim, 'mails' | 'isRepeat'>, now: Date): UpdateRule {
  const jitter = Math.random();
  const attempts = Math.max(...mails.map((row) => row.attempts));
  return (row, result, { subject, expiresAt }) => {
    const { id } = row;
    if (result.outcome === 'cancelled') return { id, set: { state: 'cancelled', batch_id: null } };
    if (result.outcome === 'sent') {
      const { providerId, answer } = result;
      return {
        id,
        set: {
          state: 'sent',
          sent_at: now.toISOString(),
          provider_id: providerId,
          provider_answer: scrub(answer, subject),
        },
      };
    }
    if (result.outcome === 'pause') return pausedUpdate(row, result, subject, isRepeat, now);
    const answer = { provider_answer: scrub(result.reason, subject) };
    const failed: MailUpdate = { id, set: { ...answer, state: 'failed', batch_id: null } };
    if (result.outcome === 'refused' || row.attempts >= maxAttempts) return failed;
    const { handedOver, retryAfterSeconds } = result;
    const due = handedOver
      ? retryAt(attempts, now, retryAfterSeconds, () => jitter)
      : retryAt(row.attempts, now, retryAfterSeconds);
    const dueAt = due.toISOString();
    // Do not retry after the link in the mail has expired.
    if (expiresAt && expiresAt <= dueAt) return failed;
    return { id, set: { ...answer, state: 'queued', due_at: dueAt, batch_id: handedOver ?? null } };
  };
}

/** Logs the id only: no address, no subject, no token. */
export function logUpdate(app: App, row: MailTable, { set }: MailUpdate, { outcome }: Result): void {
  const about = { message: row.id, kind: row.kind, attempt: row.attempts };
  const reason = set.provider_answer;
  if (set.state === 'sent') app.log.info(about, 'mail.sent');
  if (set.state === 'cancelled') app.log.info(about, 'mail.cancelled');
  // Logged once for the queue, not for each mail.
  if (outcome === 'pause') return;
  if (set.state === 'queued') {
    app.log.warn({ ...about, retry_at: set.due_at, reason }, 'mail.delivery_failed');
  }
  if (set.state === 'failed') app.log.error({ ...about, reason }, 'mail.given_up');
}
