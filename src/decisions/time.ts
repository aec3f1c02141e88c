/** Milliseconds. NaN for what is no time, which no comparison takes for true. */
export function timeOf(iso: string): number {
  return Date.parse(iso);
}

export function isoOf(time: number): string {
  return new Date(time).toISOString();
}
