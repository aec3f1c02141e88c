import type { App } from '#src/app/app.ts';
import { patienceMillis, stampWatcher, witnessWatcher } from './watchers.ts';

/** What those who remember the log outside of this machine have said last. */
export interface WatcherStatus {
  witnesses: ({ name: string } & Watched)[];
  /** How many of them have to cosign a head. */
  quorum: number;
  /** Null when no service was ever asked. */
  stamp: Watched | null;
  /** So few of them have answered for two hours that it has to be told. */
  late: boolean;
}

interface Watched {
  /** The newest head that was cosigned or stamped, and when, by their clock; null before the first. */
  size: number | null;
  at: string | null;
  failing_since: string | null;
  /** One sentence, for the operator. */
  problem: string | null;
}

export async function watcherStatus({
  db,
  config,
  now,
}: Pick<App, 'db' | 'config' | 'now'>): Promise<WatcherStatus> {
  const rows = await db.selectFrom('log_watchers').selectAll().execute();
  const failure = (name: string) => {
    const row = rows.find((one) => one.name === name);
    return { failing_since: row?.failing_since ?? null, problem: row?.problem ?? null };
  };
  const names = config.witnesses.map(({ key }) => key.split('+')[0] ?? '');
  const witnesses = await Promise.all(
    names.map(async (name) => ({ name, ...(await newestOf(db, name)), ...failure(witnessWatcher(name)) })),
  );
  const stamped = await db
    .selectFrom('log_stamps')
    .select(['size', 'at'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  const isAsked = config.stamps !== undefined;
  const stamp: Watched = {
    size: stamped ? Number(stamped.size) : null,
    at: stamped?.at ?? null,
    ...(isAsked ? failure(stampWatcher) : { failing_since: null, problem: null }),
  };
  const isLate = ({ failing_since }: Watched) =>
    failing_since !== null && now().getTime() - Date.parse(failing_since) >= patienceMillis;
  const well = witnesses.filter((one) => !isLate(one)).length;
  return {
    witnesses,
    quorum: config.witnessQuorum,
    stamp: isAsked || stamped ? stamp : null,
    late: well < config.witnessQuorum || isLate(stamp),
  };
}

async function newestOf(db: App['db'], witness: string): Promise<Pick<Watched, 'size' | 'at'>> {
  const row = await db
    .selectFrom('log_cosignatures')
    .select(['size', 'at'])
    .where('witness', '=', witness)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { size: row ? Number(row.size) : null, at: row?.at ?? null };
}
