import type { App } from '#src/app/app.ts';
import { givePositions } from '#src/ledger/give-positions.ts';
import { sequence } from './sequence.ts';

type Log = Pick<App, 'db' | 'keys' | 'now'>;

/** Takes everything into the log that is committed by now; returns how many entries that were. */
export async function catchUp(app: Log, stopping?: AbortSignal): Promise<number> {
  let entries = 0;
  while (!stopping?.aborted && (await givePositions(app.db)) > 0);
  for (let added = 1; added > 0 && !stopping?.aborted; entries += added) added = await sequence(app);
  return entries;
}
