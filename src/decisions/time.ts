/** Milliseconds. NaN for text that is no time; every comparison with NaN is false. */
export function timeOf(iso: string): number {
  return Date.parse(iso);
}

export function isoOf(time: number): string {
  return new Date(time).toISOString();
}

/** Whether a time is written like `2026-11-02T09:00:00.000Z`. Of two such times the earlier one is the smaller text. */
export function isCanonical(iso: string): boolean {
  return iso.length === 24 && iso.endsWith('Z');
}

/** Whether `one` is at or before `other`. False when one of them is no time. */
export function isAtOrBefore(one: string, other: string): boolean {
  return isCanonical(one) && isCanonical(other) ? one <= other : timeOf(one) <= timeOf(other);
}
