import assert from 'node:assert/strict';
import type { SendingLinks } from '../sending-links.ts';
import type { LineDecision } from './decide-lines.ts';

/** What is added to a line. Lines that are decided alike share one decision. */
export interface LineAnswer {
  decision: LineDecision;
  links: SendingLinks;
}

/** Some lines of the input, each by its index. Not an object for each: there are millions. */
export interface Lines {
  count: number;
  /** What is asked about. */
  contactPoint(index: number): string;
  /** Why the line could not be read. Its answer is no. */
  fault(index: number): string | undefined;
  /** The line as it is answered. */
  answered(index: number, answer: LineAnswer): string;
}

/** How one kind of file is read and written. */
export interface TableFormat {
  endOfLast: (bytes: Buffer) => number;
  read: (bytes: Buffer) => Lines;
  /** For a line of which nothing can be handed through. */
  unreadable: (fault: string) => Lines;
  /** What stands above all answers. */
  head: string;
}

/** A line that had to be taken apart. */
export interface ReadLine<Passed> {
  contactPoint: string;
  /** What is handed through. */
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

/** The file as a whole cannot be answered. */
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
  'preferences_url',
  'unsubscribe_url',
  'list_unsubscribe',
  'list_unsubscribe_post',
  'row_error',
] as const;
