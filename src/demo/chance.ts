/** Numbers that look like chance and are the same every time (mulberry32), so that a demo can be told about. */
export interface Chance {
  /** From 0 up to 1. */
  next(): number;
  /** From `from` to `to`, both included. */
  whole(from: number, to: number): number;
  pick<T>(from: readonly [T, number][]): T;
  /** Around `mean`, with a few far above it. */
  late(median: number, spread: number): number;
}

export function chance(seed: number): Chance {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick(from) {
      const all = from.reduce((sum, [, weight]) => sum + weight, 0);
      let left = next() * all;
      for (const [one, weight] of from) {
        left -= weight;
        if (left < 0) return one;
      }
      return from[from.length - 1]?.[0] as (typeof from)[number][0];
    },
    late(median, spread) {
      const bell = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(spread * bell);
    },
  };
}
