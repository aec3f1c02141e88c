import { isUtf8 } from 'node:buffer';
import type { AskedRow, TableFormat } from './table-format.ts';

/** One JSON object a line, answered with the same object and the answer in it. */
export const ndjsonFormat: TableFormat<Record<string, unknown>> = {
  head: '',
  endOfLast: (bytes) => bytes.lastIndexOf(0x0a) + 1,
  unreadable: (fault) => ({ contactPoint: '', passed: {}, fault }),
  read: (bytes) => (isUtf8(bytes) ? readLines(bytes) : linesOf(bytes).flatMap(readDoubtful)),
  write: ({ passed }, { row_error, ...answer }) =>
    `${JSON.stringify({ ...passed, ...answer, ...(row_error && { row_error }) })}\n`,
};

function readLines(bytes: Buffer): AskedRow<Record<string, unknown>>[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readLine);
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    lines.push(bytes.subarray(start, end < 0 ? bytes.length : end));
    start = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

/** One line in another encoding does not take its neighbours with it. */
function readDoubtful(line: Buffer): AskedRow<Record<string, unknown>>[] {
  const rows = readLines(line);
  return isUtf8(line) ? rows : rows.map((row) => ({ ...row, fault: 'not_utf8' }));
}

function readLine(line: string): AskedRow<Record<string, unknown>> {
  const value = parsed(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { contactPoint: '', passed: {}, fault: 'malformed_json' };
  }
  const passed = value as Record<string, unknown>;
  if (typeof passed.contact_point === 'string') return { contactPoint: passed.contact_point, passed };
  return { contactPoint: '', passed, fault: 'no_contact_point' };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
