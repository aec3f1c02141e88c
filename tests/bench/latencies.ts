import type { Measured } from './load.ts';

export interface Figures {
  requests: number;
  perSecond: number;
  /** In milliseconds. */
  p50: number;
  p99: number;
}

/** Several rounds of the same taken together. */
export function figuresOf(rounds: Measured[]): Figures {
  const latencies = Float64Array.from(rounds.flatMap((round) => [...round.latencies])).sort();
  const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0);
  const at = (part: number) => latencies[Math.floor((latencies.length - 1) * part)] ?? Number.NaN;
  return { requests: latencies.length, perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99) };
}
