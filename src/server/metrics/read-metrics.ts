import { sql } from 'kysely';
import { actCounts } from '#db/acts.ts';
import type { App } from '#src/app/app.ts';
import { jobs } from '#src/jobs/jobs.ts';
import { readMailBudget } from '#src/limits/mail-budget.ts';
import { findPause } from '#src/mail/queue-pause.ts';
import { pressureOn } from '#src/signups/form-pressure.ts';
import type { Metric, Sample } from './exposition.ts';

/** Queues, jobs and load. Counts and times only: no metric identifies a person. */
export async function readMetrics(app: App): Promise<Metric[]> {
  const read = await Promise.all([
    mailsOf(app),
    mailPauseOf(app),
    webhooksOf(app),
    jobsOf(app),
    pressureOf(app),
    logOf(app),
  ]);
  return [...read.flat(), actsOf(app), ...processMetrics()];
}

// The conditions repeat those of the partial indexes `mails_due` and `mails_failed` exactly, so that counting reads the
// indexes only.
async function mailsOf({ db, now }: App): Promise<Metric[]> {
  const waiting = await db
    .selectFrom('mails')
    .select((eb) => ['state', eb.fn.countAll().as('mails'), eb.fn.min('due_at').as('oldest')])
    .where(sql<boolean>`state in ('queued', 'sending')`)
    .groupBy('state')
    .execute();
  const failed = await db
    .selectFrom('mails')
    .select((eb) => eb.fn.countAll().as('mails'))
    .where(sql<boolean>`state = 'failed'`)
    .executeTakeFirst();
  const count = (state: string) => Number(waiting.find((row) => row.state === state)?.mails ?? 0);
  return [
    {
      name: 'jawort_outbox_mails',
      type: 'gauge',
      help: 'Mails by state: queued, sending, or failed (given up).',
      samples: [
        { labels: { state: 'queued' }, value: count('queued') },
        { labels: { state: 'sending' }, value: count('sending') },
        { labels: { state: 'failed' }, value: Number(failed?.mails ?? 0) },
      ],
    },
    {
      name: 'jawort_outbox_overdue_seconds',
      type: 'gauge',
      help: 'How long the oldest due mail has been due.',
      samples: [
        {
          value: secondsOverdue(
            waiting.map(({ oldest }) => oldest),
            now(),
          ),
        },
      ],
    },
  ];
}

async function mailPauseOf({ db, now }: App): Promise<Metric[]> {
  const pause = await findPause(db);
  return [
    {
      name: 'jawort_mail_queue_paused',
      type: 'gauge',
      help: 'Whether sending is paused because the mail server or provider refuses us.',
      samples: [{ value: pause ? 1 : 0 }],
    },
    {
      name: 'jawort_mail_queue_paused_seconds',
      type: 'gauge',
      help: 'How long sending has been paused.',
      samples: [{ value: secondsOverdue([pause?.paused_at], now()) }],
    },
  ];
}

/** How long each witness and the time-stamping service have failed; 0 while they answer. */
async function logOf({ db, now, writesStopped }: App): Promise<Metric[]> {
  const watchers = await db.selectFrom('log_watchers').select(['name', 'failing_since']).execute();
  return [
    {
      name: 'jawort_log_watcher_failing_seconds',
      type: 'gauge',
      help: 'How long a witness, or the time-stamping service, of the transparency log has not answered.',
      samples: watchers.map(({ name, failing_since }) => ({
        labels: { watcher: name },
        value: secondsOverdue([failing_since], now()),
      })),
    },
    {
      name: 'jawort_writes_stopped',
      type: 'gauge',
      help: 'Whether acts are refused because the database is older than its transparency log.',
      samples: [{ value: writesStopped ? 1 : 0 }],
    },
  ];
}

async function webhooksOf({ db, now }: App): Promise<Metric[]> {
  const due = await db
    .selectFrom('webhook_deliveries')
    .select((eb) => [eb.fn.countAll().as('deliveries'), eb.fn.min('due_at').as('oldest')])
    .where(sql<boolean>`state = 'due'`)
    .executeTakeFirst();
  return [
    {
      name: 'jawort_webhook_deliveries_waiting',
      type: 'gauge',
      help: 'Webhook deliveries without a 2xx answer that are still retried.',
      samples: [{ value: Number(due?.deliveries ?? 0) }],
    },
    {
      name: 'jawort_webhook_overdue_seconds',
      type: 'gauge',
      help: 'How long the oldest due webhook delivery has been due.',
      samples: [{ value: secondsOverdue([due?.oldest], now()) }],
    },
  ];
}

async function jobsOf({ db, now }: App): Promise<Metric[]> {
  const rows = await db.selectFrom('jobs').selectAll().orderBy('name').execute();
  // Rows of jobs that this version does not have are left out.
  const ours = rows.filter(({ name }) => jobs.some((job) => job.name === name));
  const each = (value: (row: (typeof rows)[number]) => number | undefined): Sample[] =>
    ours.flatMap((row) => {
      const found = value(row);
      return found === undefined ? [] : [{ labels: { name: row.name }, value: found }];
    });
  return [
    {
      name: 'jawort_job_last_run_timestamp_seconds',
      type: 'gauge',
      help: 'When each job last ran.',
      samples: each(({ last_run_at }) => (last_run_at ? Date.parse(last_run_at) / 1000 : undefined)),
    },
    {
      name: 'jawort_job_failed',
      type: 'gauge',
      help: 'Whether the last run of each job failed.',
      samples: each(({ last_outcome }) =>
        last_outcome === null ? undefined : Number(last_outcome === 'failed'),
      ),
    },
    {
      name: 'jawort_job_overdue_seconds',
      type: 'gauge',
      help: 'How long each job has been due.',
      samples: each(({ due_at }) => secondsOverdue([due_at], now())),
    },
  ];
}

/** Forms under attack, and the use of the hourly budget of confirmation mails. */
async function pressureOf(app: App): Promise<Metric[]> {
  const forms = await app.db
    .selectFrom('forms')
    .select(['id', 'key'])
    .where('current_version_id', 'is not', null)
    .orderBy('key')
    .execute();
  const attacked: Sample[] = [];
  for (const form of forms) {
    attacked.push({ labels: { form: form.key }, value: Number((await pressureOn(app, form)).attacked) });
  }
  return [
    {
      name: 'jawort_form_attacked',
      type: 'gauge',
      help: 'Whether a form gets so many signups that it requires a proof of work.',
      samples: attacked,
    },
    {
      name: 'jawort_confirmation_mails_this_hour',
      type: 'gauge',
      help: 'Confirmation mails requested in the current hour.',
      samples: [{ value: (await readMailBudget(app)).sent }],
    },
    {
      name: 'jawort_confirmation_mails_hourly_budget',
      type: 'gauge',
      help: 'The limit of confirmation mails per hour (CONFIRM_MAILS_PER_HOUR).',
      samples: [{ value: app.config.confirmMailsPerHour }],
    },
  ];
}

function actsOf({ db }: App): Metric {
  return {
    name: 'jawort_db_act_total',
    type: 'counter',
    help: 'Signups, confirmations and the like by how they were written: at once (done), again after a conflict (changed), or as a transaction.',
    samples: actCounts(db).map(({ act, outcome, count }) => ({ labels: { act, outcome }, value: count })),
  };
}

function secondsOverdue(times: (string | null | undefined)[], now: Date): number {
  const oldest = times.filter((time) => typeof time === 'string').sort()[0];
  return oldest === undefined ? 0 : Math.max(0, (now.getTime() - Date.parse(oldest)) / 1000);
}

function processMetrics(): Metric[] {
  const { user, system } = process.cpuUsage();
  const one = (name: string, type: Metric['type'], help: string, value: number): Metric => ({
    name,
    type,
    help,
    samples: [{ value }],
  });
  return [
    one('process_cpu_seconds_total', 'counter', 'Processor time of this process.', (user + system) / 1e6),
    one('process_resident_memory_bytes', 'gauge', 'Memory of this process.', process.memoryUsage.rss()),
    one(
      'process_start_time_seconds',
      'gauge',
      'When this process started.',
      Math.round(Date.now() / 1000 - process.uptime()),
    ),
  ];
}
