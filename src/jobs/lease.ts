import { type Db, databaseKind, type Fence, type Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';

/** The right of one process to run a job. It is renewed while the process works, so a dead process is soon replaced. */
export interface Lease {
  /** Aborted when the process stops or the lease is lost: then no further batch starts. */
  signal: AbortSignal;
  /** Throws inside the transaction of a batch when another process has taken over the job, so nothing is written. */
  fence: Fence;
  /** Releases the job and stores its outcome. Changes nothing when the lease was lost. */
  end: (set: Partial<JobOutcome>) => Promise<void>;
}

interface JobOutcome {
  due_at: string;
  last_run_at: string;
  last_outcome: string;
}

/** After this time another process takes over from one that died. A lease is renewed three times as often. */
const leaseSeconds = 30;

/** Takes a job that is due, unless another process holds it: by one conditional UPDATE, so exactly one gets it. */
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

/** On PostgreSQL this locks the row until the transaction ends. SQLite has one writer at a time. */
async function assertHeld(tx: Tx, name: string, holder: string): Promise<void> {
  const held = tx.selectFrom('jobs').select('name').where('name', '=', name).where('claimed_by', '=', holder);
  const found = await (databaseKind(tx) === 'postgres' ? held.forShare() : held).executeTakeFirst();
  if (!found) throw new LeaseLostError(`Another process has taken over the job ${name}.`);
}

class LeaseLostError extends Error {}

/** The names of jobs that are due and not held by any process. */
export async function findDueJobs(db: Db, at: string): Promise<Set<string>> {
  const due = await db
    .selectFrom('jobs')
    .select('name')
    .where('due_at', '<=', at)
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', at)]))
    .execute();
  return new Set(due.map(({ name }) => name));
}
