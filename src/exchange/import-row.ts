import type { RowContent } from './import-columns.ts';

/** A line of the file. Line 1 holds the names of the columns. */
export interface ImportRow extends RowContent {
  line: number;
  /** Why the line can't be read. */
  fault?: string;
  /** Why another line about the same permission counts instead. */
  folded?: string;
}
