/** How those outside who remember the log are doing: witnesses and the time-stamping service. */
import type { App } from '#src/app/app.ts';

/** A failure that lasts longer is told to administrators and shown to everyone. */
export const patienceMillis = 2 * 3_600_000;

export const stampWatcher = 'stamp';

export function witnessWatcher(name: string): string {
  return `witness ${name}`;
}

type Log = Pick<App, 'db' | 'now' | 'log'>;

/** The newest head that it answered for; 0 before the first. */
export async function watchedSize({ db }: Pick<App, 'db'>, name: string): Promise<number> {
  const row = await db.selectFrom('log_watchers').select('size').where('name', '=', name).executeTakeFirst();
  return Number(row?.size ?? 0);
}

export async function noteSuccess(app: Log, name: string, size: number): Promise<void> {
  const at = app.now().toISOString();
  const good = { size, good_at: at, failing_since: null, problem: null, told_at: null };
  await app.db
    .insertInto('log_watchers')
    .values({ name, ...good })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(good))
    .execute();
}

/** Remembers since when it fails, and puts each new problem into the log of the process. */
export async function noteFailure(app: Log, name: string, problem: string): Promise<void> {
  const before = await app.db
    .selectFrom('log_watchers')
    .select(['failing_since', 'problem'])
    .where('name', '=', name)
    .executeTakeFirst();
  if (before?.problem !== problem) app.log.error({ watcher: name, reason: problem }, 'log.watcher_failed');
  const failing_since = before?.failing_since ?? app.now().toISOString();
  await app.db
    .insertInto('log_watchers')
    .values({ name, size: 0, good_at: null, failing_since, problem, told_at: null })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ failing_since, problem }))
    .execute();
}
