import type { Db } from '#db/connect.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import { channelOrder } from '#src/sightings/channel-list.ts';
import { type Step, steps } from '#src/sightings/form-days.ts';
import { filterRows } from './filter-rows.ts';
import type { FigureFilter } from './period.ts';

export type StepCounts = Record<Step, number>;

export interface Funnel {
  all: StepCounts;
  /** By form id; `shown` counts for the whole form only. */
  forms: { formId: string; all: StepCounts; channels: { channel: Channel; counts: StepCounts }[] }[];
}

/** The outcomes of the requests of a period, by form and by requested channel. */
export async function readFunnel(db: Db, filter: FigureFilter): Promise<Funnel> {
  const rows = await filterRows(db.selectFrom('form_days'), filter)
    .select(['form_id', 'channels'])
    .select((eb) => steps.map((step) => eb.fn.sum<number>(step).as(step)))
    .groupBy(['form_id', 'channels'])
    .orderBy('form_id')
    .execute();
  const counted = rows.map((row) => ({
    formId: row.form_id,
    channels: row.channels.split(',') as Channel[],
    counts: bounded(Object.fromEntries(steps.map((step) => [step, Number(row[step])])) as StepCounts),
  }));
  const forms = [...Map.groupBy(counted, ({ formId }) => formId)].map(([formId, own]) => ({
    formId,
    all: sumOf(own.map(({ counts }) => counts)),
    channels: channelOrder.flatMap((channel) => {
      const about = own.filter(({ channels }) => channels.includes(channel));
      return about.length > 0 ? [{ channel, counts: sumOf(about.map(({ counts }) => counts)) }] : [];
    }),
  }));
  return { all: sumOf(forms.map(({ all }) => all)), forms };
}

/**
 * `opened` is counted in memory and may be lost or repeated. An answered link was opened, and no more links can be opened
 * than were requested, so it is clamped between the two.
 */
function bounded(counts: StepCounts): StepCounts {
  const answered = counts.confirmed + counts.rejected;
  return { ...counts, opened: Math.min(Math.max(counts.opened, answered), counts.submitted) };
}

export function sumOf(all: StepCounts[]): StepCounts {
  return Object.fromEntries(
    steps.map((step) => [step, all.reduce((sum, counts) => sum + counts[step], 0)]),
  ) as StepCounts;
}

/** Requests that can still be confirmed. */
export function waitingOf({ submitted, confirmed, rejected, expired, cancelled }: StepCounts): number {
  return Math.max(0, submitted - confirmed - rejected - expired - cancelled);
}
