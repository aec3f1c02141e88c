import type { App } from '#src/app.ts';
import { type Job, jobs } from './jobs.ts';

/** How long a process may take over a job before another one believes that it died. */
const claimMinutes = 10;

/** Runs what is due, one job after the other. Another process that claimed a job first keeps it. */
export async function runDueJobs(app: App, list: Job[] = jobs): Promise<string[]> {
  const ran: string[] = [];
  await registerJobs(app, list);
  for (const job of list) {
    if (!(await claim(app, job))) continue;
    await runJob(app, job);
    ran.push(job.name);
  }
  return ran;
}

/** When jobs are due is in the database: a restart neither forgets a round nor does one twice. */
export function startScheduler(app: App, everyMs = 15_000): { stop: () => Promise<void> } {
  let round: Promise<unknown> = Promise.resolve();
  const tick = () => {
    round = round
      .then(() => runDueJobs(app))
      .catch((error) => app.log.error({ reason: String(error) }, 'jobs.round_failed'));
  };
  const timer = setInterval(tick, everyMs);
  tick();
  return {
    stop: async () => {
      clearInterval(timer);
      await round;
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
        last_run_at: null,
        last_outcome: null,
      })),
    )
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
}

async function claim(app: App, job: Job): Promise<boolean> {
  const at = app.now();
  const claimed = await app.db
    .updateTable('jobs')
    .set({ claimed_until: new Date(at.getTime() + claimMinutes * 60_000).toISOString() })
    .where('name', '=', job.name)
    .where('due_at', '<=', at.toISOString())
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', at.toISOString())]))
    .executeTakeFirst();
  return Number(claimed.numUpdatedRows) === 1;
}

async function runJob(app: App, job: Job): Promise<void> {
  let outcome: string;
  try {
    const counts = await job.run(app);
    outcome = JSON.stringify(counts);
    if (Object.values(counts).some((count) => count > 0))
      app.log.info({ job: job.name, ...counts }, 'job.done');
  } catch (error) {
    outcome = 'failed';
    app.log.error({ job: job.name, reason: String(error) }, 'job.failed');
  }
  const at = app.now();
  await app.db
    .updateTable('jobs')
    .set({
      due_at: new Date(at.getTime() + job.everyMinutes * 60_000).toISOString(),
      claimed_until: null,
      last_run_at: at.toISOString(),
      last_outcome: outcome,
    })
    .where('name', '=', job.name)
    .execute();
}
