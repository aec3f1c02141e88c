import { sql } from 'kysely';
import type { App } from '#src/app/app.ts';
import { jobs } from '#src/jobs/jobs.ts';
import { readMailBudget } from '#src/limits/mail-budget.ts';
import { findPause } from '#src/mail/queue-pause.ts';
import { pressureOn } from '#src/signups/form-pressure.ts';
import type { Metric, Sample } from './exposition.ts';

/** What waits in the database and how the jobs do. Counts and times only: nothing here tells one person from another. */
export async function readMetrics(app: App): Promise<Metric[]> {
  const read = await Promise.all([
    mailsOf(app),
    mailPauseOf(app),
    webhooksOf(app),
    jobsOf(app),
    pressureOf(app),
  ]);
  return [...read.flat(), ...processMetrics()];
}

// The conditions repeat those of the indexes `mails_due` and `mails_failed` to the letter, so that both are counted
// in an index and not in the table of all mails there ever were.
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
      help: 'Mails by what becomes of them: queued, sending, or given up (failed).',
      samples: [
        { labels: { state: 'queued' }, value: count('queued') },
        { labels: { state: 'sending' }, value: count('sending') },
        { labels: { state: 'failed' }, value: Number(failed?.mails ?? 0) },
      ],
    },
    {
      name: 'jawort_outbox_overdue_seconds',
      type: 'gauge',
      help: 'For how long the mail that has waited longest could have gone out already.',
      samples: [
        {
          value: overdue(
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
      help: 'Whether the mail server or provider refuses us, so that all mails wait.',
      samples: [{ value: pause ? 1 : 0 }],
    },
    {
      name: 'jawort_mail_queue_paused_seconds',
      type: 'gauge',
      help: 'For how long the mail queue has been paused.',
      samples: [{ value: overdue([pause?.paused_at], now()) }],
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
      help: 'Webhook deliveries that were not answered with a 2xx yet, and are not given up.',
      samples: [{ value: Number(due?.deliveries ?? 0) }],
    },
    {
      name: 'jawort_webhook_overdue_seconds',
      type: 'gauge',
      help: 'For how long the delivery that has waited longest could have gone out already.',
      samples: [{ value: overdue([due?.oldest], now()) }],
    },
  ];
}

async function jobsOf({ db, now }: App): Promise<Metric[]> {
  const rows = await db.selectFrom('jobs').selectAll().orderBy('name').execute();
  // A job that a later version no longer has is nobody's fault.
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
      help: 'When each job ran last.',
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
      help: 'For how long each job has been due.',
      samples: each(({ due_at }) => overdue([due_at], now())),
    },
  ];
}

/** Whether forms are under attack, and how much of the hour's confirmation mails is used up. */
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
      help: 'Whether a form gets so many signups that it asks for a proof of work by itself.',
      samples: attacked,
    },
    {
      name: 'jawort_confirmation_mails_this_hour',
      type: 'gauge',
      help: 'Confirmation mails that were asked for in the hour that is counted now.',
      samples: [{ value: (await readMailBudget(app)).sent }],
    },
    {
      name: 'jawort_confirmation_mails_hourly_budget',
      type: 'gauge',
      help: 'How many confirmation mails may be asked for in an hour (CONFIRM_MAILS_PER_HOUR).',
      samples: [{ value: app.config.confirmMailsPerHour }],
    },
  ];
}

function overdue(times: (string | null | undefined)[], now: Date): number {
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
