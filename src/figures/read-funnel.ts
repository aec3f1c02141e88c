import type { Db } from '#db/connect.ts';
import type { Channel } from '#db/schema.ts';
import { channelOrder } from '#src/sightings/channel-list.ts';
import { type Step, steps } from '#src/sightings/form-days.ts';
import { within } from './filtered.ts';
import type { FigureFilter } from './period.ts';

export type StepCounts = Record<Step, number>;

export interface Funnel {
  all: StepCounts;
  /** By form id; `shown` belongs to the form as a whole. */
  forms: { formId: string; all: StepCounts; channels: { channel: Channel; counts: StepCounts }[] }[];
}

/** What became of the requests of a period, by form and by the channels that were asked for. */
export async function readFunnel(db: Db, filter: FigureFilter): Promise<Funnel> {
  const rows = await within(db.selectFrom('form_days'), filter)
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
 * A link that was answered was opened, and none was that nobody asked for: the one step that is counted in memory
 * is held between the two.
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

/** Requests that still may be confirmed. */
export function waitingOf({ submitted, confirmed, rejected, expired, cancelled }: StepCounts): number {
  return Math.max(0, submitted - confirmed - rejected - expired - cancelled);
}
