import { type Db, databaseKind, type Fence, type Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';

/** The right of one process to do a job. It is renewed while the process works, so that one that dies is soon replaced. */
export interface Lease {
  /** Aborted when the process stops or the lease is lost: then no further portion is begun. */
  signal: AbortSignal;
  /** Throws inside a portion's transaction when another process has taken the job over, and so nothing is written. */
  fence: Fence;
  /** Gives the job back and sets what is known about it. Changes nothing when the lease was lost. */
  end: (set: Partial<JobOutcome>) => Promise<void>;
}

interface JobOutcome {
  due_at: string;
  last_run_at: string;
  last_outcome: string;
}

/** How soon another process takes over from one that died. A living one renews three times as often. */
const leaseSeconds = 30;

/** Takes a job that is due, unless another process has it: one conditional UPDATE, so exactly one gets it. */
export async function takeLease(app: App, name: string, stopping: AbortSignal): Promise<Lease | undefined> {
  const { db } = app;
  const holder = newId();
  const at = app.now().toISOString();
  const taken = await db
    .updateTable('jobs')
    .set({ claimed_until: leaseEnd(app), claimed_by: holder })
    .where('name', '=', name)
    .where('due_at', '<=', at)
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', at)]))
    .executeTakeFirst();
  if (Number(taken.numUpdatedRows) === 0) return undefined;
  const lost = new AbortController();
  const stopRenewing = keepRenewing(app, { name, holder }, lost);
  return {
    signal: AbortSignal.any([stopping, lost.signal]),
    fence: (tx) => assertHeld(tx, name, holder),
    async end(set) {
      await stopRenewing();
      await db
        .updateTable('jobs')
        .set({ ...set, claimed_until: null, claimed_by: null })
        .where('name', '=', name)
        .where('claimed_by', '=', holder)
        .execute();
    },
  };
}

function leaseEnd(app: App): string {
  return new Date(app.now().getTime() + leaseSeconds * 1000).toISOString();
}

interface Held {
  name: string;
  holder: string;
}

function keepRenewing(app: App, held: Held, lost: AbortController): () => Promise<void> {
  let renewal: Promise<void> = Promise.resolve();
  let renewedAt = performance.now();
  const renew = async () => {
    try {
      if (await renewLease(app, held)) renewedAt = performance.now();
      else lost.abort();
    } catch (error) {
      app.log.warn({ job: held.name, reason: String(error) }, 'job.lease_not_renewed');
      if (performance.now() - renewedAt > leaseSeconds * 1000) lost.abort();
    }
  };
  const timer = setInterval(
    () => {
      renewal = renewal.then(renew);
    },
    (leaseSeconds * 1000) / 3,
  );
  timer.unref();
  return () => {
    clearInterval(timer);
    return renewal;
  };
}

async function renewLease(app: App, { name, holder }: Held): Promise<boolean> {
  const renewed = await app.db
    .updateTable('jobs')
    .set({ claimed_until: leaseEnd(app) })
    .where('name', '=', name)
    .where('claimed_by', '=', holder)
    .executeTakeFirst();
  return Number(renewed.numUpdatedRows) > 0;
}

/** On PostgreSQL the row stays as it is until the transaction ends. SQLite has one writer at a time. */
async function assertHeld(tx: Tx, name: string, holder: string): Promise<void> {
  const held = tx.selectFrom('jobs').select('name').where('name', '=', name).where('claimed_by', '=', holder);
  const found = await (databaseKind(tx) === 'postgres' ? held.forShare() : held).executeTakeFirst();
  if (!found) throw new LeaseLostError(`Another process has taken over the job ${name}.`);
}

class LeaseLostError extends Error {}

/** The jobs that are due and that nobody holds. */
export async function findDueJobs(db: Db, at: string): Promise<Set<string>> {
  const due = await db
    .selectFrom('jobs')
    .select('name')
    .where('due_at', '<=', at)
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', at)]))
    .execute();
  return new Set(due.map(({ name }) => name));
}
