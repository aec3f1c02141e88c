import { isUtf8 } from 'node:buffer';
import { answerColumns, type LineAnswer, linesOf, type ReadLine, type TableFormat } from './table-format.ts';

/** One JSON object a line. The answer is the same object with more members. */
export const ndjsonFormat: TableFormat = {
  head: '',
  endOfLast: (bytes) => bytes.lastIndexOf(0x0a) + 1,
  unreadable: (fault) => linesOf([{ contactPoint: '', passed: nothing, fault }], answeredLine),
  read: (bytes) =>
    linesOf(
      isUtf8(bytes) ? readLines(bytes) : splitLines(bytes).flatMap(readLineOfAnyEncoding),
      answeredLine,
    ),
};

/** The members of an object as text and as values. */
interface Passed {
  members: string;
  object: Record<string, unknown>;
}
type ReadObject = ReadLine<Passed>;

const nothing: Passed = { members: '', object: {} };

/** Members are passed through as text: parsed and written again, long numbers would change. */
function answeredLine({ passed, fault }: ReadObject, { decision, links }: LineAnswer): string {
  const { members, object } = passed;
  const { allowed, reason, law, valid_until, allowed_again_at, jurisdiction, rules_version } = decision;
  const answer = {
    allowed,
    reason,
    law,
    valid_until,
    allowed_again_at,
    jurisdiction,
    rules_version,
    ...links,
    ...(fault && { row_error: fault }),
  };
  if (answerColumns.some((name) => Object.hasOwn(object, name))) {
    const others = Object.entries(object).filter(([name]) => !answerColumns.some((own) => own === name));
    return `${JSON.stringify({ ...Object.fromEntries(others), ...answer })}\n`;
  }
  return `{${members}${members === '' ? '' : ','}${JSON.stringify(answer).slice(1)}\n`;
}

function readLines(bytes: Buffer): ReadObject[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readLine);
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    lines.push(bytes.subarray(start, end < 0 ? bytes.length : end));
    start = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

/** A line in another encoding does not break its neighbours. */
function readLineOfAnyEncoding(line: Buffer): ReadObject[] {
  const rows = readLines(line);
  return isUtf8(line) ? rows : rows.map((row) => ({ ...row, fault: 'not_utf8' }));
}

function readLine(line: string): ReadObject {
  const value = parsed(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { contactPoint: '', passed: nothing, fault: 'malformed_json' };
  }
  const object = value as Record<string, unknown>;
  const passed = { members: line.trim().slice(1, -1).trim(), object };
  if (typeof object.contact_point === 'string') return { contactPoint: object.contact_point, passed };
  return { contactPoint: '', passed, fault: 'no_contact_point' };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
