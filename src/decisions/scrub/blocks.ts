/** Whole records out of a stream, or one line that cannot be read. */
export interface Block {
  bytes: Buffer;
  fault?: 'too_long' | 'unclosed_quote';
  /** How much of the input lies behind once this block is done. */
  readTo: number;
}

/** Some thousand lines. No record is longer: what is, is a quote that nobody closed, or no table at all. */
const blockSize = 128 * 1024;
const newline = 0x0a;

/**
 * Cuts a stream into blocks of whole records; `endOfLast` knows where records end. A record that never ends
 * costs its first line, and reading goes on with the next.
 */
export async function* blocksOf(
  source: AsyncIterable<Uint8Array>,
  endOfLast: (bytes: Buffer) => number,
  startAt = 0,
): AsyncGenerator<Block> {
  let pending: Buffer = Buffer.alloc(0);
  let readTo = startAt;
  let skipping = false;
  const take = (length: number, fault?: Block['fault']): Block => {
    const bytes = pending.subarray(0, length);
    pending = pending.subarray(length);
    readTo += length;
    return { bytes: fault ? Buffer.alloc(0) : bytes, fault, readTo };
  };
  for await (const chunk of source) {
    pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk]);
    if (skipping) {
      const end = pending.indexOf(newline);
      take(end < 0 ? pending.length : end + 1);
      if (end < 0) continue;
      skipping = false;
    }
    while (pending.length >= blockSize) {
      const end = endOfLast(pending.subarray(0, blockSize));
      if (end > 0) {
        yield take(end);
        continue;
      }
      const line = pending.indexOf(newline);
      skipping = line < 0;
      yield take(skipping ? pending.length : line + 1, skipping ? 'too_long' : 'unclosed_quote');
    }
  }
  while (pending.length > 0) {
    const end = endOfLast(pending);
    if (end > 0) yield take(end);
    else if (pending.includes(newline)) yield take(pending.indexOf(newline) + 1, 'unclosed_quote');
    else yield take(pending.length);
  }
}
