import type { App } from '#src/app/app.ts';
import { givePositions } from '#src/ledger/give-positions.ts';
import { yieldToRequests } from '#src/limits/yield-to-requests.ts';
import { sequence } from './sequence.ts';

type Log = Pick<App, 'db' | 'keys' | 'now' | 'log'>;

/** Takes everything into the log that is committed by now; returns how many entries that were. */
export async function catchUp(app: Log): Promise<number> {
  let entries = 0;
  while ((await givePositions(app.db)) > 0);
  for (let added = 1; added > 0; entries += added) added = await sequence(app);
  return entries;
}

/** The same in the background: requests go first, for a second a batch at the latest. */
export async function catchUpGently(app: Log, stopping: AbortSignal): Promise<void> {
  for (const step of [() => givePositions(app.db, batch), () => sequence(app, batch)]) {
    for (let done = batch; done >= batch && !stopping.aborted; ) {
      await yieldToRequests(50);
      done = await step();
    }
  }
}

const batch = 500;
