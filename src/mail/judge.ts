import type { MailTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { mostAttempts, retryAt } from './back-off.ts';
import type { Claim } from './claim.ts';
import type { Verdict } from './mark.ts';
import { scrub } from './scrub.ts';
import type { SendResult } from './transport.ts';

export type Result = SendResult | { outcome: 'cancelled' };

/** What a result means for the mail: done, due again at some moment, or given up. */
export type Judge = (
  row: MailTable,
  result: Result,
  words: { subject: string; expiresAt?: string },
) => Verdict;

/** As if it had not been tried. One that was goes to the end of the queue, so that the next probe is another mail. */
function pausedVerdict(
  row: MailTable,
  { reason, untried }: Extract<SendResult, { outcome: 'pause' }>,
  subject: string,
  again: boolean,
  now: Date,
): Verdict {
  const waits = {
    state: 'queued',
    attempts: row.attempts - 1,
    batch_id: again ? row.batch_id : null,
  } as const;
  const tried = { due_at: now.toISOString(), provider_answer: scrub(reason, subject) };
  return { id: row.id, set: untried ? waits : { ...waits, ...tried } };
}

/** One judge for the mails of a claim: what was handed over together is due again at one moment. */
export function judgeOf({ mails, again }: Pick<Claim, 'mails' | 'again'>, now: Date): Judge {
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
    if (result.outcome === 'pause') return pausedVerdict(row, result, subject, again, now);
    const answer = { provider_answer: scrub(result.reason, subject) };
    const failed: Verdict = { id, set: { ...answer, state: 'failed', batch_id: null } };
    if (result.outcome === 'refused' || row.attempts >= mostAttempts) return failed;
    const { handedOver, retryAfterSeconds } = result;
    const due = handedOver
      ? retryAt(attempts, now, retryAfterSeconds, () => jitter)
      : retryAt(row.attempts, now, retryAfterSeconds);
    const dueAt = due.toISOString();
    // A link that has expired by then confirms nothing any more.
    if (expiresAt && expiresAt <= dueAt) return failed;
    return { id, set: { ...answer, state: 'queued', due_at: dueAt, batch_id: handedOver ?? null } };
  };
}

/** No address, no subject, no token: what a log line says about a mail is its id. */
export function logVerdict(app: App, row: MailTable, { set }: Verdict, { outcome }: Result): void {
  const about = { message: row.id, kind: row.kind, attempt: row.attempts };
  const reason = set.provider_answer;
  if (set.state === 'sent') app.log.info(about, 'mail.sent');
  if (set.state === 'cancelled') app.log.info(about, 'mail.cancelled');
  // Said once for the whole queue, not for each mail.
  if (outcome === 'pause') return;
  if (set.state === 'queued') {
    app.log.warn({ ...about, retry_at: set.due_at, reason }, 'mail.delivery_failed');
  }
  if (set.state === 'failed') app.log.error({ ...about, reason }, 'mail.given_up');
}
