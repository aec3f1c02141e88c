import { v5, v7 } from 'uuid';
import { drawBytes } from '#src/secrets/random-bytes.ts';

let msecs = 0;
let seq = 0;

/**
 * A new id: UUIDv7, so that rows sort by the time they were made, also within a millisecond (RFC 9562, 6.2, method 1).
 * The library's own generator would ask the system for sixteen random bytes each time.
 */
export function newId(): string {
  const now = Date.now();
  const random = drawBytes(16);
  if (now > msecs) {
    msecs = now;
    // Starts in the lower half, which leaves room to count up within this millisecond.
    seq = random.readUInt32BE(6) >>> 1;
  } else {
    seq = (seq + 1) >>> 0;
    if (seq === 0) msecs += 1;
  }
  return v7({ random, msecs, seq });
}

/** The id of a pair, always the same for the same two ids: UUIDv5 (RFC 9562, 5.5). */
export function idOfBoth(id: string, other: string): string {
  return v5(other, id);
}
