/**
 * Whether an ISO time can be compared as a text, as ours are. The last hours of the year 9999 cannot, once their offset
 * is counted in: `+010000-01-01T…` comes before everything.
 */
export function isComparableTime(iso: string): boolean {
  return /^\d{4}-/.test(iso);
}
