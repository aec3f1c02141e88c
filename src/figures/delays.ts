/**
 * The class of a delay in minutes. Fine enough for a median: one minute wide up to an hour, then five minutes, an hour,
 * and six hours.
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

/** The class of the median confirmation; `undefined` without confirmations. */
export function medianMinutes(rows: { minutes: number; confirmed: number }[]): number | undefined {
  const sorted = rows.toSorted((a, b) => a.minutes - b.minutes);
  const total = sorted.reduce((sum, { confirmed }) => sum + confirmed, 0);
  let passed = 0;
  return sorted.find(({ confirmed }) => {
    passed += confirmed;
    return passed > 0 && passed * 2 >= total;
  })?.minutes;
}

/** The bars of the chart in minutes; `to` is the start of the next bar. */
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
