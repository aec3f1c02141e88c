const newline = 0x0a;
const quote = 0x22;

/**
 * Where the last whole record of these bytes ends; 0 when none does. A quote opens a quoted cell only at the start of
 * the cell, so an inch sign (5") in the middle opens nothing.
 */
export function endOfLastRecord(bytes: Buffer, delimiter: number): number {
  if (!bytes.includes(quote)) return bytes.lastIndexOf(newline) + 1;
  let end = 0;
  eachRecord(bytes, delimiter, (_, to) => {
    end = to;
  });
  return end;
}

/** Each whole record by itself, with its line end. */
export function splitRecords(bytes: Buffer, delimiter: number): Buffer[] {
  const records: Buffer[] = [];
  eachRecord(bytes, delimiter, (from, to) => records.push(bytes.subarray(from, to)));
  return records;
}

function eachRecord(bytes: Buffer, delimiter: number, found: (from: number, to: number) => void): void {
  let from = 0;
  let quoted = false;
  let atStart = true;
  let closedAt = -2;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (quoted) {
      if (byte !== quote) continue;
      quoted = false;
      closedAt = index;
    } else if (byte === quote) {
      // A doubled quote closes the cell and opens it again.
      quoted = atStart || closedAt === index - 1;
      atStart = false;
    } else if (byte === newline) {
      found(from, index + 1);
      from = index + 1;
      atStart = true;
    } else atStart = byte === delimiter;
  }
}
