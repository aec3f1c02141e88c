import type { App } from '#src/app/app.ts';
import { yieldToRequests } from '#src/limits/yield-to-requests.ts';
import { deliverDue } from './deliver.ts';
import { retryNow } from './queue-pause.ts';
import { scrub } from './scrub.ts';
import type { Transport } from './transport.ts';

export interface MailWorker {
  /** Checks the queue at once. */
  wake(): void;
  /** Claims no more mails, and resolves when the current ones are finished. */
  stop(): Promise<void>;
  /** Resolves when no mail is being sent. */
  idle(): Promise<void>;
}

/** How often to check for mails that became due or lost their worker. */
const pollMillis = 2000;

/** Sends queued mails in the background. */
export function startMailWorker(app: App, transport: Transport): MailWorker {
  let round: Promise<void> | undefined;
  let wakePending = false;
  let stopped = false;
  let pausedUntil = 0;
  let started = false;

  async function work(): Promise<void> {
    while (wakePending && !stopped && !app.writesStopped) {
      wakePending = false;
      try {
        // The operator may have fixed the problem before the restart.
        if (!started) await retryNow(app.db, app.now().toISOString());
        started = true;
        await drain();
      } catch (error) {
        app.log.error({ reason: scrub(String(error)) }, 'mail.worker_failed');
      }
    }
    // In the same tick as the last check of `wakePending`, so that no wake-up is lost.
    round = undefined;
  }

  async function drain(): Promise<void> {
    while (!stopped && !app.writesStopped && Date.now() >= pausedUntil) {
      const { sent, retried, failed, cancelled, paused, pauseSeconds } = await deliverDue(
        app,
        transport,
        transport.batch,
      );
      pausedUntil = Date.now() + pauseSeconds * 1000;
      if (paused > 0) return;
      const handled = sent + retried + failed + cancelled;
      if (handled === 0) return;
      // After a partial batch, wait for more mails: every batch costs three commits, whatever its size.
      await yieldToRequests(handled < transport.batch ? 100 : 25);
    }
  }

  function wake(): void {
    wakePending = true;
    if (!stopped) round ??= work();
  }

  const poll = setInterval(wake, pollMillis);
  wake();
  return {
    wake,
    async stop() {
      stopped = true;
      clearInterval(poll);
      await round;
      await transport.close();
    },
    async idle() {
      while (round) await round;
    },
  };
}
