import type { App } from '#src/app/app.ts';
import { yieldToRequests } from '#src/limits/yield-to-requests.ts';
import { type Job, jobs } from './jobs.ts';
import { findDueJobs, type Lease, takeLease } from './lease.ts';

/** Runs the jobs that are due, one after the other, each until nothing is left. Skips a job that another process holds. */
export async function runDueJobs(app: App, list: Job[] = jobs): Promise<string[]> {
  const ran: string[] = [];
  await registerJobs(app, list);
  for (const job of list) {
    if (await runIfDue(app, job, new AbortController().signal)) ran.push(job.name);
  }
  return ran;
}

/**
 * The database holds when each job is due, so a restart neither skips a run nor repeats one. Jobs run concurrently, so a
 * long one does not delay the others.
 */
export function startScheduler(app: App, everyMs = 5_000): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const running = new Map<string, Promise<unknown>>();
  let registered = false;

  function start(job: Job): void {
    const run = runIfDue(app, job, stopping.signal)
      .catch((error) => app.log.error({ job: job.name, reason: String(error) }, 'job.interrupted'))
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
  }

  async function look(): Promise<void> {
    if (app.writesStopped) return;
    if (!registered) await registerJobs(app, jobs);
    registered = true;
    const due = await findDueJobs(app.db, app.now().toISOString());
    if (stopping.signal.aborted) return;
    for (const job of jobs) if (due.has(job.name) && !running.has(job.name)) start(job);
  }

  let round: Promise<unknown> = Promise.resolve();
  const tick = () => {
    round = round.then(look).catch((error) => app.log.error({ reason: String(error) }, 'jobs.round_failed'));
  };
  const timer = setInterval(tick, everyMs);
  tick();
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await round;
      await Promise.all(running.values());
    },
  };
}

async function registerJobs(app: App, list: Job[]): Promise<void> {
  const at = app.now().toISOString();
  await app.db
    .insertInto('jobs')
    .values(
      list.map((job) => ({
        name: job.name,
        due_at: at,
        claimed_until: null,
        claimed_by: null,
        last_run_at: null,
        last_outcome: null,
      })),
    )
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
}

/** False when the job is not due, or another process holds it. */
async function runIfDue(app: App, job: Job, stopping: AbortSignal): Promise<boolean> {
  const lease = await takeLease(app, job.name, stopping);
  if (!lease) return false;
  const { outcome, due } = await runJob(app, job, lease);
  const at = app.now();
  await lease.end({
    ...(due !== undefined && { due_at: new Date(at.getTime() + due * 60_000).toISOString() }),
    last_run_at: at.toISOString(),
    last_outcome: outcome,
  });
  return true;
}

/** `due`: the minutes until the next run; `undefined` when it was stopped early and can continue at once. */
async function runJob(app: App, job: Job, lease: Lease): Promise<{ outcome: string; due?: number }> {
  try {
    const { counts, done } = await runBatches(app, job, lease);
    if (Object.values(counts).some((count) => count > 0))
      app.log.info({ job: job.name, ...counts }, 'job.done');
    return { outcome: JSON.stringify(counts), ...(done && { due: job.everyMinutes }) };
  } catch (error) {
    app.log.error({ job: job.name, reason: String(error) }, 'job.failed');
    return { outcome: 'failed', due: 1 };
  }
}

async function runBatches(app: App, job: Job, lease: Lease) {
  const counts: Record<string, number> = {};
  for (;;) {
    const batch = await job.run(app, lease);
    for (const [name, count] of Object.entries(batch)) counts[name] = (counts[name] ?? 0) + count;
    if (!job.repeatWhile || !batch[job.repeatWhile]) return { counts, done: true };
    if (lease.signal.aborted) return { counts, done: false };
    await yieldToRequests(25);
  }
}
