/** What a row of an import may say besides a yes with its evidence. */
export const rowStates = ['yes', 'pending', 'no', 'withdrawn', 'bounced', 'complained'] as const;
export type RowState = (typeof rowStates)[number];

/** `nothing`: the value says nothing. `leave_out`: the row is not taken in. */
export const valueMeanings = [...rowStates, 'nothing', 'leave_out'] as const;
export type ValueMeaning = (typeof valueMeanings)[number];

/** Needs no proof, no text, no date of a consent and no known person. */
export type NoState = Exclude<RowState, 'yes' | 'pending'>;

export function isNo(state: string | undefined): state is NoState {
  return state === 'no' || state === 'withdrawn' || state === 'bounced' || state === 'complained';
}

/** The harder of two: of several columns of a row, or of two rows about the same. */
export function harder<T extends ValueMeaning>(one: T, other: T): T {
  return hardest.indexOf(one) <= hardest.indexOf(other) ? one : other;
}

const hardest: ValueMeaning[] = [
  'complained',
  'bounced',
  'withdrawn',
  'no',
  'leave_out',
  'pending',
  'yes',
  'nothing',
];
