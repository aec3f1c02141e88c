import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';

/** Drawn in advance: asking for twelve random bytes takes as long as encrypting with them. */
const pool = Buffer.alloc(4096);
let drawn = pool.length;

/** At most 4,096 random bytes that nobody else gets, and that are gone from where they were drawn in advance. */
export function drawBytes(count: number): Buffer {
  assert(count <= pool.length, `${count} bytes are more than are drawn in advance`);
  if (drawn + count > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const bytes = Buffer.from(pool.subarray(drawn, drawn + count));
  pool.fill(0, drawn, drawn + count);
  drawn += count;
  return bytes;
}
