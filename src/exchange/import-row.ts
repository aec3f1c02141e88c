import type { RowContent } from './import-columns.ts';

/** A line of the file. Lines count from 1, the one with the names. */
export interface ImportRow extends RowContent {
  line: number;
  /** Why the line cannot be read. */
  fault?: string;
  /** Another line about the same counts, and why. */
  folded?: string;
}
