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

/** What witnesses said of the heads (C2SP tlog-cosignature). Append-only. */
export interface LogCosignatureTable {
  /** Of the head. */
  size: number;
  /** The name in the key of the witness. */
  witness: string;
  /** When the witness signed, by its own clock. */
  at: string;
  /** The line under the signed note, with its line break. */
  line: string;
}

/** Time stamps (RFC 3161) of heads. Append-only. */
export interface LogStampTable {
  /** Of the head. */
  size: number;
  /** The time in the stamp. */
  at: string;
  /** The whole answer of the service, base64. */
  tsr: string;
}

/** Each witness, and the time-stamping service: how far it is, and since when it fails. */
export interface LogWatcherTable {
  /** `witness {name}`, or `stamp`. */
  name: string;
  /** The newest head that it answered for. */
  size: number;
  /** When it last did so; null before the first time. */
  good_at: string | null;
  /** Null while all is well. */
  failing_since: string | null;
  /** One sentence. */
  problem: string | null;
  /** When administrators were told of this failure. */
  told_at: string | null;
}
