/** Answers of about a second from one process, in the order of their numbers. Deleted when their term is over. */
export interface DecisionBatchTable {
  id: string;
  /** The process that answered: the first part of a decision id. */
  writer: string;
  /** The numbers of its answers: the second part. */
  first_number: number;
  last_number: number;
  /** Of the first answer, e.g. `2026-11-02T09:00`. */
  minute: string;
  calls: number;
  answers: number;
  /** Of the Merkle tree over its calls, hexadecimal. */
  root: string;
  /** A line of JSON for each call, deflated, Base64. Addresses are keyed hashes. */
  content: string;
  /** Null until the minute is over. */
  root_id: string | null;
}

/** The Merkle root over the batches of a minute. It is in the log, and stays when the answers are deleted. */
export interface DecisionRootTable {
  id: string;
  at: string;
  batches: number;
  calls: number;
  answers: number;
  root: string;
}
