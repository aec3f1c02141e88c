import type { App } from '#src/app/app.ts';
import { yieldToRequests } from '#src/limits/yield-to-requests.ts';
import { deliverDue } from './deliver.ts';
import { tryNow } from './queue-pause.ts';
import { scrub } from './scrub.ts';
import type { Transport } from './transport.ts';

export interface MailWorker {
  /** Mails were queued: look at once. */
  wake(): void;
  /** Takes no more mails, and resolves when those in hand are done with. */
  stop(): Promise<void>;
  /** Resolves when nothing is in hand. */
  idle(): Promise<void>;
}

/** How often to look for mails whose time has come, or whose worker has died. */
const pollMillis = 2000;

/** Sends mails in the background, round after round, for as long as there are any. */
export function startMailWorker(app: App, transport: Transport): MailWorker {
  let round: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let pausedUntil = 0;
  let started = false;

  async function work(): Promise<void> {
    while (again && !stopped) {
      again = false;
      try {
        // Whoever starts the process may have mended what the queue is paused for.
        if (!started) await tryNow(app.db, app.now().toISOString());
        started = true;
        await drain();
      } catch (error) {
        app.log.error({ reason: scrub(String(error)) }, 'mail.worker_failed');
      }
    }
    // In the same step as the last look at `again`, so that no wake-up falls in between.
    round = undefined;
  }

  async function drain(): Promise<void> {
    while (!stopped && Date.now() >= pausedUntil) {
      const { sent, retried, failed, cancelled, paused, pauseSeconds } = await deliverDue(
        app,
        transport,
        transport.batch,
      );
      pausedUntil = Date.now() + pauseSeconds * 1000;
      if (paused > 0) return;
      const handled = sent + retried + failed + cancelled;
      if (handled === 0) return;
      // A batch that was not full leaves the next one a moment to fill up: it costs three commits, however few mails it has.
      await yieldToRequests(handled < transport.batch ? 100 : 25);
    }
  }

  function wake(): void {
    again = true;
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
