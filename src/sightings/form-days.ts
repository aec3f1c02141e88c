import type { Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import { passGate } from '#db/locks.ts';
import type { FormDayTable } from '#db/schema.ts';
import { type Tally, tally } from './tally.ts';

export type FormDayKey = Pick<FormDayTable, 'day' | 'form_id' | 'source' | 'channels'>;
export type Step = Exclude<keyof FormDayTable, keyof FormDayKey>;

/** In the order in which they happen; the last four are ways out. */
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

/** Adds to the counters of days. */
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

/** Whoever adds to the figures passes here first, so that no two ever wait for each other's rows. */
export async function passFiguresGate(tx: Tx): Promise<void> {
  await passGate(tx, figuresGate);
}

const figuresGate = 4_711_009;
