import type { MailTable } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { mostAttempts, retryAt } from './back-off.ts';
import { type Claim, claimDue, claimSeconds, renewClaim } from './claim.ts';
import { mark } from './mark.ts';
import { type Prepared, prepare } from './prepare.ts';
import { scrub } from './scrub.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

export interface Delivered {
  sent: number;
  retried: number;
  failed: number;
  cancelled: number;
  /** How long the provider wants to be left alone. */
  pauseSeconds: number;
}

/**
 * Claims up to `limit` mails that are due, sends them and marks what became of each.
 *
 * A mail is sent at least once: what is sent and not marked, because the process ended in between, is sent
 * again with the same id, so that the provider or the reader can tell it is the same.
 */
export async function deliverDue(app: App, transport: Transport, limit: number): Promise<Delivered> {
  const delivered: Delivered = { sent: 0, retried: 0, failed: 0, cancelled: 0, pauseSeconds: 0 };
  const at = app.now();
  const claim = await claimDue(app.db, at, {
    limit: Math.min(limit, transport.batch),
    together: transport.together,
  });
  if (!claim || claim.mails.length === 0) return delivered;
  const stopRenewing = renewWhileSending(app, claim);
  let prepared: Prepared;
  let results: SendResult[];
  try {
    prepared = await prepare(app, claim, at);
    results = prepared.sendable.length > 0 ? await transport.send(prepared.sendable) : [];
  } finally {
    await stopRenewing();
  }
  await markAll(app, claim, prepared, results, delivered);
  return delivered;
}

function renewWhileSending(app: App, claim: Claim): () => Promise<void> {
  let renewal: Promise<void> = Promise.resolve();
  const timer = setInterval(
    () => {
      renewal = renewal
        .then(async () => {
          claim.until = await renewClaim(app.db, claim, app.now());
        })
        .catch((error) => app.log.warn({ reason: scrub(String(error)) }, 'mail.claim_not_renewed'));
    },
    (claimSeconds * 1000) / 3,
  );
  timer.unref();
  return () => {
    clearInterval(timer);
    return renewal;
  };
}

async function markAll(
  app: App,
  claim: Claim,
  prepared: Prepared,
  results: SendResult[],
  delivered: Delivered,
): Promise<void> {
  const now = app.now();
  const rows = new Map(claim.mails.map((row) => [row.id, row]));
  // One moment for a batch: its mails have to be due together to be handed over together again.
  const jitter = Math.random();
  const settle = async (id: string, result: SendResult, mail?: OutgoingMail) => {
    const row = rows.get(id) as MailTable;
    const outcome = await settled(app, row, result, { now, jitter, subject: mail?.subject ?? '' });
    delivered[outcome] += 1;
    if (result.outcome === 'retry' && result.retryAfterSeconds) {
      delivered.pauseSeconds = Math.max(delivered.pauseSeconds, result.retryAfterSeconds);
    }
  };
  const cancel = async (id: string) => {
    await mark(app.db, id, { state: 'cancelled', batch_id: null });
    app.log.info({ message: id }, 'mail.cancelled');
    delivered.cancelled += 1;
  };
  await Promise.all([
    ...prepared.sendable.map((mail, index) => settle(mail.id, results[index] as SendResult, mail)),
    ...prepared.answered.map((id) =>
      settle(id, { outcome: 'sent', providerId: null, answer: 'answered before it was marked as sent' }),
    ),
    ...prepared.faults.map(({ id, reason }) => settle(id, { outcome: 'retry', reason })),
    ...prepared.cancelled.map(cancel),
  ]);
}

async function settled(
  app: App,
  row: MailTable,
  result: SendResult,
  { now, jitter, subject }: { now: Date; jitter: number; subject: string },
): Promise<'sent' | 'retried' | 'failed'> {
  if (result.outcome === 'sent') {
    await mark(app.db, row.id, {
      state: 'sent',
      sent_at: now.toISOString(),
      provider_id: result.providerId,
      provider_answer: scrub(result.answer, subject),
    });
    app.log.info({ message: row.id, kind: row.kind, attempt: row.attempts }, 'mail.sent');
    return 'sent';
  }
  const reason = scrub(result.reason, subject);
  const due = retryAt(
    row.attempts,
    now,
    result.outcome === 'retry' ? result.retryAfterSeconds : 0,
    () => jitter,
  );
  const hopeless =
    result.outcome === 'refused' || row.attempts >= mostAttempts || (await isTooLate(app, row, due));
  const about = { message: row.id, kind: row.kind, attempt: row.attempts, reason };
  if (hopeless) {
    await mark(app.db, row.id, { state: 'failed', provider_answer: reason, batch_id: null });
    app.log.error(about, 'mail.given_up');
    return 'failed';
  }
  await mark(app.db, row.id, {
    state: 'queued',
    due_at: due.toISOString(),
    provider_answer: reason,
    batch_id: batchAfter(row, result),
  });
  app.log.warn({ ...about, retry_at: due.toISOString() }, 'mail.delivery_failed');
  return 'retried';
}

function batchAfter(row: MailTable, result: SendResult): string | null {
  if (result.outcome !== 'retry' || !result.handedOver) return null;
  return result.handedOver === 'together' ? row.batch_id : row.id;
}

/** A link that has expired by then confirms nothing any more. */
async function isTooLate(app: App, row: MailTable, due: Date): Promise<boolean> {
  if (row.kind !== 'confirm-signup' || !row.signup_id) return false;
  const signup = await app.db
    .selectFrom('signups')
    .select('expires_at')
    .where('id', '=', row.signup_id)
    .executeTakeFirst();
  return !signup || signup.expires_at <= due.toISOString();
}
