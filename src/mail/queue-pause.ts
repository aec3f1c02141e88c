import type { Db } from '#db/connect.ts';
import type { MailPauseTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { scrub } from './scrub.ts';

/**
 * The queue waits as a whole while the mail server or provider refuses us: a wrong password, a blocked account, a full quota.
 * No mail uses up an attempt by that. When the time is up a single mail is tried; once it goes out, all the others follow.
 *
 * It is kept in the database: a restart does not forget it, and the desk shows it from whichever process.
 */
export type QueuePause = Omit<MailPauseTable, 'id'>;

export async function findPause(db: Db): Promise<QueuePause | undefined> {
  return db.selectFrom('mail_pause').selectAll().executeTakeFirst();
}

/** 5, 10, 20, … seconds and at most 10 minutes, so that mails go out soon after the fault was mended. */
const firstSeconds = 5;
const longestSeconds = 600;

/** `anew`: some mails of the same round went out, so the waiting begins from the shortest again. */
export async function pauseQueue(app: App, reason: string, anew: boolean): Promise<void> {
  const at = app.now();
  const before = await findPause(app.db);
  const times = anew ? 1 : (before?.times ?? 0) + 1;
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

/** The server takes mails again. */
export async function endPause(app: App): Promise<void> {
  const ended = await app.db.deleteFrom('mail_pause').returning('paused_at').executeTakeFirst();
  if (ended) app.log.info({ paused_at: ended.paused_at }, 'mail.queue_resumed');
}

/** A mail is tried at the next round: somebody has mended the fault, or the process was started anew. */
export async function tryNow(db: Db, at: string): Promise<void> {
  await db.updateTable('mail_pause').set({ until: at }).where('until', '>', at).execute();
}
