import type { Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import { passGate } from '#db/locks.ts';
import type { FormDayTable } from '#db/schema/figures.ts';
import { type Tally, tally } from './tally.ts';

export type FormDayKey = Pick<FormDayTable, 'day' | 'form_id' | 'source' | 'channels'>;
export type Step = Exclude<keyof FormDayTable, keyof FormDayKey>;

/** In the order in which they happen. The last four end a request. */
export const steps = [
  'shown',
  'submitted',
  'mailed',
  'opened',
  'confirmed',
  'rejected',
  'expired',
  'cancelled',
  'undelivered',
] as const satisfies Step[];

export function tallyFormDays(): Tally<FormDayKey, Step> {
  return tally<FormDayKey, Step>(steps);
}

/** Adds to the daily counters. */
export const addFormDays = insertRows('form_days', (insert) =>
  insert.onConflict((conflict) =>
    conflict
      .columns(['day', 'form_id', 'source', 'channels'])
      .doUpdateSet((eb) =>
        Object.fromEntries(
          steps.map((step) => [step, eb(`form_days.${step}`, '+', eb.ref(`excluded.${step}`))]),
        ),
      ),
  ),
);

/** Called first by every transaction that adds to the figures, so that two of them cannot deadlock on rows. */
export async function passFiguresGate(tx: Tx): Promise<void> {
  await passGate(tx, figuresGate);
}

const figuresGate = 4_711_009;
