import type { Decision } from '../facts.ts';
import type { SendingLinks } from '../sending-links.ts';

/** A line of the input: what is asked about, and what to hand through. */
export interface AskedRow<Passed> {
  contactPoint: string;
  passed: Passed;
  /** Why the line could not be read. Its answer is no. */
  fault?: string;
}

/** What is added to each line. */
export interface RowAnswer extends SendingLinks {
  allowed: boolean;
  reason: Decision['reason'];
  law: readonly string[];
  valid_until: string | null;
  row_error: string | null;
}

/** How one kind of file is read and written. */
export interface TableFormat<Passed> {
  endOfLast: (bytes: Buffer) => number;
  read: (bytes: Buffer) => AskedRow<Passed>[];
  /** For a line of which nothing can be handed through. */
  unreadable: (fault: string) => AskedRow<Passed>;
  /** What stands above all answers. */
  head: string;
  write: (row: AskedRow<Passed>, answer: RowAnswer) => string;
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
  'preferences_url',
  'unsubscribe_url',
  'list_unsubscribe',
  'list_unsubscribe_post',
  'row_error',
] as const;
