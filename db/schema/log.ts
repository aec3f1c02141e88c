import type { Generated } from 'kysely';

/** What the log has to take in. Triggers on the tables that are logged fill it. */
export interface LogQueueTable {
  id: Generated<number>;
  /** As in `src/log/sources.ts`. */
  kind: string;
  /** The key of the row. */
  ref: string;
  /** What no row says, such as the counts of a purge: JSON. */
  note: string | null;
}

/** The transparency log (RFC 9162). Append-only: triggers refuse UPDATE and DELETE. Holds no personal value. */
export interface LogEntryTable {
  /** Counts from 0, without gaps. */
  idx: number;
  kind: string;
  ref: string;
  at: string;
  /** Canonical JSON (RFC 8785). */
  body: string;
  /** SHA-256(0x00 ‖ body), hex. */
  leaf: string;
}

/** Hashes of the tree by tiles of 256 (C2SP tlog-tiles). Full ones never change; the last of each level grows. */
export interface LogTileTable {
  level: number;
  n: number;
  /** 64 hex digits a hash. Level 0 holds full tiles only: the rest of its leaves stand in `log_entries`. */
  hashes: string;
}

/** The signed heads of the log. Append-only, one for each size. */
export interface LogCheckpointTable {
  size: number;
  /** Hex. */
  root: string;
  /** Never before the one of the checkpoint before it. */
  at: string;
  /** The signed note as others get it. */
  note: string;
}
