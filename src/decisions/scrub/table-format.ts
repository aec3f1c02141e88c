import assert from 'node:assert/strict';
import type { SendingLinks } from '../sending-links.ts';
import type { LineDecision } from './decide-lines.ts';

/** What is added to a line. Many lines share one decision object. */
export interface LineAnswer {
  decision: LineDecision;
  links: SendingLinks;
}

/** Some lines of the input, each by its index. One object for each of millions of lines would be too much. */
export interface Lines {
  count: number;
  /** The address that the line asks about. */
  contactPoint(index: number): string;
  /** Why the line cannot be read. Its answer is no. */
  fault(index: number): string | undefined;
  /** The line with its answer. */
  answered(index: number, answer: LineAnswer): string;
}

/** How one kind of file is read and written. */
export interface TableFormat {
  endOfLast: (bytes: Buffer) => number;
  read: (bytes: Buffer) => Lines;
  /** A line of which nothing can be passed through. */
  unreadable: (fault: string) => Lines;
  /** The first line of the answer. */
  head: string;
}

/** A line that was split into its cells or members. */
export interface ReadLine<Passed> {
  contactPoint: string;
  /** What is passed through. */
  passed: Passed;
  fault?: string;
}

export function linesOf<Passed>(
  lines: ReadLine<Passed>[],
  write: (line: ReadLine<Passed>, answer: LineAnswer) => string,
): Lines {
  const at = (index: number) => {
    const line = lines[index];
    assert(line, `there is no line ${index}`);
    return line;
  };
  return {
    count: lines.length,
    contactPoint: (index) => at(index).contactPoint,
    fault: (index) => at(index).fault,
    answered: (index, answer) => write(at(index), answer),
  };
}

/** The whole file cannot be answered. */
export class TableFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'TableFault';
    this.code = code;
  }
}

export const answerColumns = [
  'allowed',
  'reason',
  'law',
  'valid_until',
  'allowed_again_at',
  'jurisdiction',
  'rules_version',
  'preferences_url',
  'unsubscribe_url',
  'list_unsubscribe',
  'list_unsubscribe_post',
  'row_error',
] as const;
