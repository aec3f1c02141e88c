import type { MailTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { type Claim, claimDue, claimSeconds, renewClaim } from './claim.ts';
import { judgeOf, logVerdict, type Result } from './judge.ts';
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
  /** Put back as they were, because the queue was paused. */
  paused: number;
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
  const at = app.now();
  const most = Math.min(limit, transport.batch);
  const claim = await claimDue(app.db, at, { limit: most, together: transport.together });
  if (!claim) return nothing;
  const stopRenewing = renewWhileSending(app, claim);
  try {
    const { sendable, settled } = await prepare(app, claim, at);
    // Before anything is sent: should the process end now, the batch goes out again without these.
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

/** What no transport should throw is no reason to lose count of the attempts. */
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
  else if (claim.probes && results.length > 0) await endPause(app);
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
  const judge = judgeOf(claim, app.now());
  const rows = new Map(claim.mails.map((row) => [row.id, row]));
  const judged = settled.map(({ id, result, subject = '', expiresAt }) => {
    const row = rows.get(id) as MailTable;
    return { row, result, verdict: judge(row, result, { subject, expiresAt }) };
  });
  await markAll(
    app.db,
    judged.map(({ verdict }) => verdict),
    judged.flatMap(({ row, result }) =>
      result.outcome === 'refused' && result.noMailbox ? row.contact_point_id : [],
    ),
    app.now().toISOString(),
  );
  for (const { row, verdict, result } of judged) logVerdict(app, row, verdict, result);
  const paused = judged.filter(({ result }) => result.outcome === 'pause').length;
  const count = (state: MailTable['state']) =>
    judged.filter(({ verdict }) => verdict.set.state === state).length;
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
