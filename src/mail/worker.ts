import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { App } from '#src/app.ts';
import { deliverDue } from './deliver.ts';
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

  async function work(): Promise<void> {
    while (again && !stopped) {
      again = false;
      try {
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
      const { sent, retried, failed, cancelled, pauseSeconds } = await deliverDue(
        app,
        transport,
        transport.batch,
      );
      pausedUntil = Date.now() + pauseSeconds * 1000;
      const handled = sent + retried + failed + cancelled;
      if (handled === 0) return;
      await letPeopleGoFirst(handled < transport.batch ? 100 : 25);
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

/**
 * Waits between two batches while pages take a quarter of the process or more, but half a second at most. A batch that was not full
 * leaves the next one a moment to fill up: a batch costs three commits, however few mails it has.
 */
async function letPeopleGoFirst(turnMillis: number): Promise<void> {
  for (let waited = 0; waited < 500; waited += turnMillis) {
    const before = performance.eventLoopUtilization();
    await setTimeout(turnMillis);
    if (performance.eventLoopUtilization(before).utilization < 0.25) return;
  }
}
