import type { MailTable } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { type Claim, claimDue, claimSeconds, renewClaim } from './claim.ts';
import { judgeOf, logVerdict, type Result } from './judge.ts';
import { markAll } from './mark.ts';
import { prepare } from './prepare.ts';
import { scrub } from './scrub.ts';
import type { SendResult, Transport } from './transport.ts';

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
  const at = app.now();
  const most = Math.min(limit, transport.batch);
  const claim = await claimDue(app.db, at, { limit: most, together: transport.together });
  if (!claim) return nothing;
  const stopRenewing = renewWhileSending(app, claim);
  try {
    const { sendable, settled } = await prepare(app, claim, at);
    // Before anything is sent: should the process end now, the batch goes out again without these.
    const before = await settle(app, claim, settled);
    const results = sendable.length > 0 ? await transport.send(sendable.map(({ mail }) => mail)) : [];
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
    return sum(before, after);
  } finally {
    await stopRenewing();
  }
}

const nothing: Delivered = { sent: 0, retried: 0, failed: 0, cancelled: 0, pauseSeconds: 0 };

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
  const judge = judgeOf(claim.mails, app.now());
  const rows = new Map(claim.mails.map((row) => [row.id, row]));
  const judged = settled.map(({ id, result, subject = '', expiresAt }) => {
    const row = rows.get(id) as MailTable;
    return { row, verdict: judge(row, result, { subject, expiresAt }) };
  });
  await markAll(
    app.db,
    judged.map(({ verdict }) => verdict),
  );
  for (const { row, verdict } of judged) logVerdict(app, row, verdict);
  const count = (state: MailTable['state']) =>
    judged.filter(({ verdict }) => verdict.set.state === state).length;
  const pauses = settled.map(({ result }) => (result.outcome === 'retry' && result.retryAfterSeconds) || 0);
  return {
    sent: count('sent'),
    retried: count('queued'),
    failed: count('failed'),
    cancelled: count('cancelled'),
    pauseSeconds: Math.max(0, ...pauses),
  };
}

function sum(a: Delivered, b: Delivered): Delivered {
  return {
    sent: a.sent + b.sent,
    retried: a.retried + b.retried,
    failed: a.failed + b.failed,
    cancelled: a.cancelled + b.cancelled,
    pauseSeconds: Math.max(a.pauseSeconds, b.pauseSeconds),
  };
}
