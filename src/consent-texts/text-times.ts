/** How long a form that shows a retired text can still be answered: as long as a confirmation link is valid. */
const graceDays = 7;

/** Whether a consent is earlier than its text was live. A date without time means any time of that day. */
export function isBefore(time: string, liveFrom: string): boolean {
  return isDate(time) || isDate(liveFrom) ? isBeforeDay(time, liveFrom) : time < liveFrom;
}

/** The same with the precision of a day. */
export function isBeforeDay(time: string, liveFrom: string): boolean {
  return time.slice(0, 10) < liveFrom.slice(0, 10);
}

/** Whether no form could show the text any more. */
export function isAfterGracePeriod(time: string, retiredAt: string): boolean {
  return Date.parse(time) > Date.parse(retiredAt) + graceDays * 86_400_000;
}

/** Midnight is how a date without time is stored. */
function isDate(time: string): boolean {
  return time.endsWith('T00:00:00.000Z');
}
