import type { App } from '#src/app/app.ts';
import { deliverTo, findDueWebhooks } from './deliver-webhooks.ts';
import { hasWebhookNews, queueWebhooks } from './queue-webhooks.ts';
import { listWebhooks } from './webhooks.ts';

/** How often to look for news. They are sent within two seconds of their commit, whichever process wrote them. */
const pollMillis = 500;
/** A receiver that accepts nothing gets a pause of 2, 4, 8, … seconds, at most a minute. */
const longestRestMillis = 60_000;

/** Sends news to webhooks. Each receiver is served separately, so a slow one does not delay the others. */
export function startWebhookWorker(app: App): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const serving = new Map<string, Promise<void>>();
  const resting = new Map<string, { failures: number; until: number }>();
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    if (app.writesStopped) return;
    const webhooks = await listWebhooks(app.db);
    const behind = await hasWebhookNews(app.db, webhooks);
    // A long backlog is queued in batches, which are sent meanwhile.
    if (behind) await queueWebhooks(app, webhooks, 4);
    if (webhooks.length === 0) return;
    const due = await findDueWebhooks(app);
    for (const webhook of webhooks) {
      const { id } = webhook;
      const rests = (resting.get(id)?.until ?? 0) > Date.now();
      if (!due.has(id) || rests || serving.has(id) || stopping.signal.aborted) continue;
      serving.set(
        id,
        deliverTo(app, webhook, stopping.signal)
          .then(({ down }) => noteAnswer(id, down))
          .catch((error) => app.log.error({ webhook: id, reason: String(error) }, 'webhooks.failed'))
          .finally(() => serving.delete(id)),
      );
    }
  }

  function noteAnswer(id: string, down: boolean): void {
    const failures = (resting.get(id)?.failures ?? 0) + 1;
    if (!down) resting.delete(id);
    else resting.set(id, { failures, until: Date.now() + Math.min(longestRestMillis, 1000 * 2 ** failures) });
  }

  function tick(): void {
    looking ??= look()
      .catch((error) => app.log.error({ reason: String(error) }, 'webhooks.round_failed'))
      .finally(() => {
        looking = undefined;
      });
  }

  const timer = setInterval(tick, pollMillis);
  tick();
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await looking;
      await Promise.all(serving.values());
    },
  };
}
