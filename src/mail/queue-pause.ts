import type { Db } from '#db/connect.ts';
import type { MailPauseTable } from '#db/schema/mails.ts';
import type { App } from '#src/app/app.ts';
import { scrub } from './scrub.ts';

/**
 * The whole queue pauses while the mail server or provider refuses us: wrong password, blocked account, exceeded quota.
 * Mails do not lose an attempt. After the pause, a single mail is tried; if it is accepted, the queue continues.
 *
 * Stored in the database, so that it survives a restart and every process knows it.
 */
export type QueuePause = Omit<MailPauseTable, 'id'>;

export async function findPause(db: Db): Promise<QueuePause | undefined> {
  return db.selectFrom('mail_pause').selectAll().executeTakeFirst();
}

/** 5, 10, 20, … seconds, at most 10 minutes, so that mails are sent soon after the problem is fixed. */
const firstSeconds = 5;
const longestSeconds = 600;

/** `reset`: some mails of the same round were accepted, so the pause starts at the shortest again. */
export async function pauseQueue(app: App, reason: string, reset: boolean): Promise<void> {
  const at = app.now();
  const before = await findPause(app.db);
  const times = reset ? 1 : (before?.times ?? 0) + 1;
  const seconds = Math.min(longestSeconds, firstSeconds * 2 ** (times - 1));
  const waits = {
    until: new Date(at.getTime() + seconds * 1000).toISOString(),
    times,
    reason: scrub(reason),
  };
  await app.db
    .insertInto('mail_pause')
    .values({ id: 1, paused_at: at.toISOString(), ...waits })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(waits))
    .execute();
  if (!before) app.log.error({ reason: waits.reason, retry_at: waits.until }, 'mail.queue_paused');
}

/** Called when the server accepts mails again. */
export async function endPause(app: App): Promise<void> {
  const ended = await app.db.deleteFrom('mail_pause').returning('paused_at').executeTakeFirst();
  if (ended) app.log.info({ paused_at: ended.paused_at }, 'mail.queue_resumed');
}

/** Tries a mail in the next round: staff asked for it, or the process was restarted. */
export async function retryNow(db: Db, at: string): Promise<void> {
  await db.updateTable('mail_pause').set({ until: at }).where('until', '>', at).execute();
}
