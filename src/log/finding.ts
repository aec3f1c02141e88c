/** A head of the log that somebody kept outside of this machine. */
export interface OutsideHead {
  size: number;
  /** Hex. */
  root: string;
  origin: string;
}

export interface LogFinding {
  kind: 'entry' | 'gap' | 'root' | 'lost' | 'changed' | 'missing' | 'not_logged' | 'unreadable';
  table: string;
  id: string;
  /** The place in the log, where it has one. */
  index: number | null;
  /** The sizes of the checkpoints before and after it; null where there is none. */
  between: [number | null, number | null];
  /** One sentence. */
  message: string;
}

/** What is read of an entry to compare it with its row. */
export interface LoggedEntry {
  idx: number;
  kind: string;
  ref: string;
  body: string;
}

/** `between` is worked out from the index, unless it is known better. */
export type Find = (finding: Omit<LogFinding, 'between'>, between?: LogFinding['between']) => void;

/** How many rows are read at a time. */
export const verifyPage = 1000;
