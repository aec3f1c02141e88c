/**
 * How long people take to confirm, in classes fine enough for a median: minutes for an hour, then five minutes,
 * then hours, then quarters of a day.
 */
export function delayClass(minutes: number): number {
  const whole = Math.max(0, Math.floor(minutes));
  const width = classes.findLast(({ from }) => whole >= from)?.width ?? 1;
  return whole - (whole % width);
}

const classes = [
  { from: 0, width: 1 },
  { from: 60, width: 5 },
  { from: 360, width: 60 },
  { from: 1440, width: 360 },
];

/** The class that the middle one of all confirmations lies in; `undefined` when there are none. */
export function medianMinutes(rows: { minutes: number; confirmed: number }[]): number | undefined {
  const inOrder = rows.toSorted((a, b) => a.minutes - b.minutes);
  const all = inOrder.reduce((sum, { confirmed }) => sum + confirmed, 0);
  let passed = 0;
  return inOrder.find(({ confirmed }) => {
    passed += confirmed;
    return passed > 0 && passed * 2 >= all;
  })?.minutes;
}

/** What the chart shows; `to` is where the next bar begins. */
export const delayBars = [
  { from: 0, to: 2 },
  { from: 2, to: 5 },
  { from: 5, to: 10 },
  { from: 10, to: 30 },
  { from: 30, to: 60 },
  { from: 60, to: 180 },
  { from: 180, to: 720 },
  { from: 720, to: 1440 },
  { from: 1440, to: 2880 },
  { from: 2880, to: Number.POSITIVE_INFINITY },
];

export function delayCounts(rows: { minutes: number; confirmed: number }[]): number[] {
  return delayBars.map(({ from, to }) =>
    rows
      .filter(({ minutes }) => minutes >= from && minutes < to)
      .reduce((sum, { confirmed }) => sum + confirmed, 0),
  );
}
