import type { App } from '#src/app/app.ts';
import { catchUpGently } from './catch-up.ts';
import { findLostHead } from './remembered-head.ts';
import { signHead } from './start-log.ts';

/** How soon after its commit a fact is in the log on a calm machine, and how often the head is signed while it grows. */
const catchUpMillis = 1000;
const checkpointMillis = 60_000;

/**
 * Keeps the log up to date and signed. What fails is tried again at the next round; nothing waits for it. While the database
 * is older than what was signed, nothing is written.
 *
 * @param resume called when writing may begin again
 */
export function startLogWorker(app: App, resume: () => Promise<void>): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  let round: Promise<void> | undefined;
  let signedAt = 0;
  let lastMessage = '';

  async function work(): Promise<void> {
    if (app.writesStopped && !(await mayResume())) return;
    await catchUpGently(app, stopping.signal);
    const { logKey } = app.config;
    if (!logKey || Date.now() - signedAt < checkpointMillis || stopping.signal.aborted) return;
    signedAt = Date.now();
    const signed = await signHead(app, logKey);
    const message = signed.outcome === 'not_signed' ? signed.message : '';
    app.writesStopped = await findLostHead(app);
    // Said once, and not each minute.
    if (message && message !== lastMessage) app.log.error({ reason: message }, 'log.not_signed');
    lastMessage = message;
  }

  async function mayResume(): Promise<boolean> {
    if (await findLostHead(app)) return false;
    await resume();
    app.writesStopped = undefined;
    app.log.info('log.writing_again');
    return true;
  }

  function tick(): void {
    round ??= work()
      .catch((error) => app.log.error({ reason: String(error) }, 'log.round_failed'))
      .finally(() => {
        round = undefined;
      });
  }

  const timer = setInterval(tick, catchUpMillis);
  tick();
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await round;
    },
  };
}
