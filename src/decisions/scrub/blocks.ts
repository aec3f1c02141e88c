/** Whole records of a stream, or one line that cannot be read. */
export interface Block {
  bytes: Buffer;
  fault?: 'too_long' | 'unclosed_quote';
  /** The position after this block in the input, in bytes. */
  readTo: number;
}

/** Some thousand lines. A longer record is an unclosed quote, or the file is no table. */
const blockSize = 128 * 1024;
const newline = 0x0a;

/**
 * Cuts a stream into blocks of whole records; `endOfLast` finds where the last one ends. Of a record that never ends only
 * the first line is lost: reading continues with the next line.
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
      skipping = end < 0;
      const skipped = take(skipping ? pending.length : end + 1, 'too_long');
      if (skipping) continue;
      // Only at its end: no run can resume in the middle of a line.
      yield skipped;
    }
    while (pending.length >= blockSize) {
      const end = endOfLast(pending.subarray(0, blockSize));
      if (end > 0) {
        yield take(end);
        continue;
      }
      const line = pending.indexOf(newline);
      skipping = line < 0;
      if (skipping) take(pending.length, 'too_long');
      else yield take(line + 1, line >= blockSize ? 'too_long' : 'unclosed_quote');
    }
  }
  if (skipping) yield take(pending.length, 'too_long');
  while (pending.length > 0) {
    const end = endOfLast(pending);
    if (end > 0) yield take(end);
    else if (isOneRecord(pending, endOfLast)) yield take(pending.length);
    else yield take(pending.indexOf(newline) + 1, 'unclosed_quote');
  }
}

/** The last record of a file may lack its line end, and may contain line ends between quotes. */
function isOneRecord(bytes: Buffer, endOfLast: (bytes: Buffer) => number): boolean {
  return !bytes.includes(newline) || endOfLast(Buffer.concat([bytes, Buffer.of(newline)])) > 0;
}
