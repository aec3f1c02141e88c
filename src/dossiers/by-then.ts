/** A time that had come by then; null otherwise. */
export function byThen(time: string | null, at: string): string | null {
  return time !== null && time <= at ? time : null;
}

/** For sorting ISO times, and ids that sort by time. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
