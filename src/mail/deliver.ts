import type { MailTable } from '#db/schema/mails.ts';
import type { App } from '#src/app/app.ts';
import { type Claim, claimDue, claimSeconds, renewClaim } from './claim.ts';
import { logUpdate, type Result, updateRule } from './mail-update.ts';
import { markAll } from './mark.ts';
import { type Prepared, prepare } from './prepare.ts';
import { endPause, pauseQueue } from './queue-pause.ts';
import { scrub } from './scrub.ts';
import type { SendResult, Transport } from './transport.ts';

export interface Delivered {
  sent: number;
  retried: number;
  failed: number;
  cancelled: number;
  /** Returned to the queue without an attempt, because it was paused. */
  paused: number;
  /** The provider's Retry-After. */
  pauseSeconds: number;
}

/**
 * Claims up to `limit` mails that are due, sends them and stores the results.
 *
 * Delivery is at least once: if the process ends between sending and storing, the mail is sent again with the same id,
 * so that the provider or the reader can recognise the duplicate.
 */
export async function deliverDue(app: App, transport: Transport, limit: number): Promise<Delivered> {
  const at = app.now();
  const claim = await claimDue(app.db, at, {
    limit: Math.min(limit, transport.batch),
    asBatch: transport.asBatch,
  });
  if (!claim) return nothing;
  const stopRenewing = renewWhileSending(app, claim);
  try {
    const { sendable, settled } = await prepare(app, claim, at);
    // Stored before sending: if the process ends during sending, the batch is repeated without these.
    const before = await settle(app, claim, settled);
    const results = sendable.length > 0 ? await sendAll(transport, sendable) : [];
    const after = await settle(
      app,
      claim,
      sendable.map(({ mail, expiresAt }, index) => ({
        id: mail.id,
        result: results[index] as SendResult,
        subject: mail.subject,
        expiresAt,
      })),
    );
    await pauseOrResume(app, claim, results);
    return sum(before, after);
  } finally {
    await stopRenewing();
  }
}

const nothing: Delivered = { sent: 0, retried: 0, failed: 0, cancelled: 0, paused: 0, pauseSeconds: 0 };

/** Transports should not throw; if one does, the attempt still counts. */
async function sendAll(transport: Transport, sendable: Prepared['sendable']): Promise<SendResult[]> {
  const mails = sendable.map(({ mail }) => mail);
  try {
    return await transport.send(mails);
  } catch (error) {
    return mails.map(() => ({ outcome: 'retry', reason: String(error) }));
  }
}

async function pauseOrResume(app: App, claim: Claim, results: SendResult[]): Promise<void> {
  const pause = results.find((result) => result.outcome === 'pause');
  const sent = results.some((result) => result.outcome === 'sent');
  if (pause) await pauseQueue(app, pause.reason, sent);
  else if (claim.isProbe && results.length > 0) await endPause(app);
}

function renewWhileSending(app: App, claim: Claim): () => Promise<void> {
  let renewal: Promise<void> = Promise.resolve();
  const renew = async () => {
    claim.until = await renewClaim(app.db, claim, app.now());
  };
  const timer = setInterval(
    () => {
      renewal = renewal
        .then(renew)
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

export interface Settled {
  id: string;
  result: Result;
  subject?: string;
  expiresAt?: string | undefined;
}

async function settle(app: App, claim: Claim, settled: Settled[]): Promise<Delivered> {
  const updateOf = updateRule(claim, app.now());
  const rows = new Map(claim.mails.map((row) => [row.id, row]));
  const updates = settled.map(({ id, result, subject = '', expiresAt }) => {
    const row = rows.get(id) as MailTable;
    return { row, result, update: updateOf(row, result, { subject, expiresAt }) };
  });
  await markAll(
    app.db,
    updates.map(({ update }) => update),
    updates.flatMap(({ row, result }) =>
      result.outcome === 'refused' && result.noMailbox ? row.contact_point_id : [],
    ),
    app.now().toISOString(),
  );
  for (const { row, update, result } of updates) logUpdate(app, row, update, result);
  const paused = updates.filter(({ result }) => result.outcome === 'pause').length;
  const count = (state: MailTable['state']) =>
    updates.filter(({ update }) => update.set.state === state).length;
  const pauses = settled.map(({ result }) => (result.outcome === 'retry' && result.retryAfterSeconds) || 0);
  return {
    sent: count('sent'),
    retried: count('queued') - paused,
    failed: count('failed'),
    cancelled: count('cancelled'),
    paused,
    pauseSeconds: Math.max(0, ...pauses),
  };
}

function sum(a: Delivered, b: Delivered): Delivered {
  return {
    sent: a.sent + b.sent,
    retried: a.retried + b.retried,
    failed: a.failed + b.failed,
    cancelled: a.cancelled + b.cancelled,
    paused: a.paused + b.paused,
    pauseSeconds: Math.max(a.pauseSeconds, b.pauseSeconds),
  };
}
