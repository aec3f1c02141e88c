import type { App } from '#src/app/app.ts';
import { listLogKeys } from './key-entries.ts';
import { logSize } from './sequence.ts';

export interface LogStatus {
  entries: number;
  /** Facts that are committed and not in the log yet. */
  waiting: number;
  /** The newest signed head; null while nothing was signed. */
  checkpoint: { size: number; root: string; at: string } | null;
  /** Verifier keys, the one in use first. */
  keys: { verifier: string; added_at: string; retired_at: string | null }[];
}

export async function logStatus({ db }: Pick<App, 'db'>): Promise<LogStatus> {
  const checkpoint = await newestCheckpoint(db);
  const counts = await Promise.all(
    (['log_queue', 'ledger_queue'] as const).map((table) =>
      db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll().as('count'))
        .executeTakeFirstOrThrow(),
    ),
  );
  return {
    entries: await logSize(db),
    waiting: counts.reduce((sum, { count }) => sum + Number(count), 0),
    checkpoint: checkpoint
      ? { size: Number(checkpoint.size), root: checkpoint.root, at: checkpoint.at }
      : null,
    keys: (await listLogKeys(db)).map(({ text, addedAt, retiredAt }) => ({
      verifier: text,
      added_at: addedAt,
      retired_at: retiredAt,
    })),
  };
}

export async function newestCheckpoint(db: App['db']) {
  return db.selectFrom('log_checkpoints').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
}
