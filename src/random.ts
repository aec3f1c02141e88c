import { randomFillSync } from 'node:crypto';

/** Drawn in advance: asking for twelve random bytes takes as long as encrypting with them. */
const pool = Buffer.alloc(4096);
let drawn = pool.length;

/** Random bytes that nobody else gets, and that are gone from where they were drawn in advance. */
export function drawBytes(count: number): Buffer {
  if (drawn + count > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const bytes = Buffer.from(pool.subarray(drawn, drawn + count));
  pool.fill(0, drawn, drawn + count);
  drawn += count;
  return bytes;
}
