import type { AskedRow, TableFormat } from './table-format.ts';

/** One JSON object a line, answered with the same object and the answer in it. */
export const ndjsonFormat: TableFormat<Record<string, unknown>> = {
  head: '',
  endOfLast: (bytes) => bytes.lastIndexOf(0x0a) + 1,
  unreadable: (fault) => ({ contactPoint: '', passed: {}, fault }),
  read: (bytes) =>
    bytes
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(readLine),
  write: ({ passed }, { row_error, ...answer }) =>
    `${JSON.stringify({ ...passed, ...answer, ...(row_error && { row_error }) })}\n`,
};

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
