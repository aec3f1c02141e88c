/** How long after words were retired a form that showed them may still be answered: a confirmation link lives so long. */
const graceDays = 7;

/** A consent to words that were not in use yet. A date without a time means any moment of its day. */
export function isBefore(time: string, liveFrom: string): boolean {
  return isDate(time) || isDate(liveFrom) ? isBeforeDay(time, liveFrom) : time < liveFrom;
}

/** The same to the day, which decides all times of a day alike. */
export function isBeforeDay(time: string, liveFrom: string): boolean {
  return time.slice(0, 10) < liveFrom.slice(0, 10);
}

/** Nobody was shown the words any more. */
export function isAfterGracePeriod(time: string, retiredAt: string): boolean {
  return Date.parse(time) > Date.parse(retiredAt) + graceDays * 86_400_000;
}

/** As a date is kept that came without a time. */
function isDate(time: string): boolean {
  return time.endsWith('T00:00:00.000Z');
}
