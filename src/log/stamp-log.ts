import type { App } from '#src/app/app.ts';
import { newestCheckpoint } from './log-status.ts';
import { requestStamp, type StampResult } from './request-stamp.ts';
import { readStampRoots } from './stamp-roots.ts';
import { noteFailure, noteSuccess, stampWatcher } from './watchers.ts';

/**
 * Has the newest checkpoint stamped by the time-stamping service, if the last stamp is long enough ago and the log has grown
 * since. The whole answer is kept, once it has been checked. A service that is down holds nothing up.
 */
export async function stampLog(app: App, signal: AbortSignal): Promise<{ stamped: number }> {
  const { stamps } = app.config;
  const checkpoint = stamps && (await newestCheckpoint(app.db));
  if (!checkpoint || !(await isDue(app, Number(checkpoint.size), stamps.everyMinutes))) return { stamped: 0 };
  const result = await stamped(stamps, checkpoint.note, signal);
  // The process is told to end: the next one asks again.
  if (signal.aborted) return { stamped: 0 };
  if (result.outcome === 'failed') {
    await noteFailure(app, stampWatcher, result.problem);
    return { stamped: 0 };
  }
  const size = Number(checkpoint.size);
  await app.db
    .insertInto('log_stamps')
    .values({ size, at: result.at.toISOString(), tsr: Buffer.from(result.tsr).toString('base64') })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await noteSuccess(app, stampWatcher, size);
  return { stamped: 1 };
}

async function isDue({ db, now }: App, size: number, everyMinutes: number): Promise<boolean> {
  const last = await db
    .selectFrom('log_watchers')
    .select(['size', 'good_at'])
    .where('name', '=', stampWatcher)
    .executeTakeFirst();
  if (!last?.good_at) return true;
  const age = now().getTime() - Date.parse(last.good_at);
  // A clock that was set back does not end the stamps.
  return Number(last.size) < size && (age >= everyMinutes * 60_000 || age < 0);
}

async function stamped(
  { url, rootsFile }: { url: string; rootsFile: string },
  note: string,
  signal: AbortSignal,
): Promise<StampResult> {
  try {
    return await requestStamp({ url, roots: readStampRoots(rootsFile) }, note, signal);
  } catch (error) {
    return { outcome: 'failed', problem: error instanceof Error ? error.message : String(error) };
  }
}
