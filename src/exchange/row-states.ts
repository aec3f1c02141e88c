/** The states that a row of an import may have. */
export const rowStates = ['yes', 'pending', 'no', 'withdrawn', 'bounced', 'complained'] as const;
export type RowState = (typeof rowStates)[number];

/** `nothing`: the value has no meaning. `leave_out`: the row is not imported. */
export const valueMeanings = [...rowStates, 'nothing', 'leave_out'] as const;
export type ValueMeaning = (typeof valueMeanings)[number];

/** A no needs no proof, no text, no date of a consent and no known person. */
export type NoState = Exclude<RowState, 'yes' | 'pending'>;

export function isNo(state: string | undefined): state is NoState {
  return state === 'no' || state === 'withdrawn' || state === 'bounced' || state === 'complained';
}

/** The stricter of two states, from two columns of a row or from two rows about the same permission. */
export function stricter<T extends ValueMeaning>(one: T, other: T): T {
  return strictest.indexOf(one) <= strictest.indexOf(other) ? one : other;
}

const strictest: ValueMeaning[] = [
  'complained',
  'bounced',
  'withdrawn',
  'no',
  'leave_out',
  'pending',
  'yes',
  'nothing',
];
