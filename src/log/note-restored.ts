import type { App } from '#src/app/app.ts';
import { catchUp } from './catch-up.ts';
import { forgetHead, rememberedHead } from './remembered-head.ts';
import { logSize } from './sequence.ts';
import { signHead } from './start-log.ts';

/**
 * Puts an entry into the log that says that the database was restored, and which head was lost; from then on this machine
 * remembers the head of the restored log. Returns how many entries the log has.
 */
export async function noteRestored(
  app: Pick<App, 'db' | 'keys' | 'now' | 'log' | 'config'>,
  reason: string,
): Promise<number> {
  const { logKey } = app.config;
  const lost = logKey && rememberedHead(logKey);
  const before = await logSize(app.db);
  const note = JSON.stringify({
    reason,
    entries_before: before,
    ...(lost && { lost_size: lost.size, lost_root: Buffer.from(lost.root).toString('hex') }),
  });
  await app.db
    .insertInto('log_queue')
    .values({ kind: 'restored', ref: String(before), note })
    .execute();
  await catchUp(app);
  if (logKey) {
    forgetHead(logKey);
    await signHead(app, logKey);
  }
  return logSize(app.db);
}
