import type { App } from '#src/app/app.ts';
import { startKeeping } from '#src/decisions/kept/keeper.ts';
import { whenImportsStopped } from '#src/exchange/run-import.ts';
import { startWebhookWorker } from '#src/exchange/webhook-worker.ts';
import { startScheduler } from '#src/jobs/scheduler.ts';
import { startLogWorker } from '#src/log/log-worker.ts';
import { openTransport } from '#src/mail/open-transport.ts';
import { startMailWorker } from '#src/mail/worker.ts';
import { startFlushing } from '#src/sightings/sightings.ts';
import { updateRows } from './prepare-database.ts';

/** Mails, jobs, webhooks and sightings. `stop` ends them once the last requests are answered. */
export async function startBackgroundWork(app: App) {
  const mails = startMailWorker(app, await openTransport(app.config.mail));
  app.mailsQueued = mails.wake;
  const stopping = new AbortController();
  app.stopping = stopping.signal;
  const scheduler = startScheduler(app);
  const webhooks = startWebhookWorker(app);
  const log = startLogWorker(app, () => updateRows(app));
  const sightings = startFlushing(app);
  const decisions = startKeeping(app);
  return {
    /** @param answered settles when the last request has been answered */
    async stop(answered: Promise<unknown>): Promise<void> {
      stopping.abort();
      await Promise.all([answered, scheduler.stop(), webhooks.stop()]);
      await log.stop();
      await whenImportsStopped(app);
      await mails.stop();
      await sightings.stop();
      await decisions.stop();
    },
  };
}
