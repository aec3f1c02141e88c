/** Counts within a window. `key_hash` is a keyed hash of the rule and what it counts. */
export interface RateLimitTable {
  key_hash: string;
  count: number;
  resets_at: string;
}
