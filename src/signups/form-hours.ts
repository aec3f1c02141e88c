/** How many signups a form gets in each hour, and above which number that is an attack. */
export const hoursOfMean = 24;
/** Fewer signups an hour than this raise no alarm, whatever the mean. */
export const leastForAlarm = 30;
export const timesTheMean = 10;

/** Counts the signups of a form in one hour, for as long as the mean needs them. */
export function formHour(formId: string, at: Date, hoursAgo = 0) {
  const hour = new Date(at.getTime() - hoursAgo * 3_600_000).toISOString().slice(0, 13);
  return { rule: 'form-hour', subject: `${formId} ${hour}`, most: Infinity, minutes: (hoursOfMean + 2) * 60 };
}

/**
 * The number of signups an hour from which a form counts as under attack: ten times the mean of the hours before. Each hour
 * is counted with at most three times the usual number, so that one attack does not make the next one look usual.
 */
export function attackFrom(before: number[]): number {
  const median = [...before].sort((a, b) => a - b)[Math.floor(before.length / 2)] ?? 0;
  const most = Math.max(leastForAlarm, 3 * median);
  const mean = before.reduce((sum, count) => sum + Math.min(count, most), 0) / hoursOfMean;
  return Math.max(leastForAlarm, mean * timesTheMean);
}
