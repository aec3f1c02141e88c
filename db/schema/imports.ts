import type { Generated } from 'kysely';

/** A file of permissions from another system, from its check to its landing. */
export interface ImportTable {
  id: string;
  /** As the file was called. */
  name: string;
  origin: 'staff' | 'api' | 'command_line';
  /** The id of a member of staff or of a key, and its name as it was then. */
  filed_by: string;
  filed_by_name: string;
  filed_at: string;
  /**
   * `mapping`: its columns are still to be matched. `waiting`: checked, until somebody else lets it in. `faulty`:
   * a line of it cannot come in, so none does.
   */
  state: 'mapping' | 'checking' | 'waiting' | 'faulty' | 'landing' | 'landed' | 'discarded';
  rows: number;
  /** Columns of the file that nothing is taken from, a JSON list. */
  ignored: string;
  checked_rows: Generated<number>;
  landed_rows: Generated<number>;
  /** What the check found and, once it landed, what became of the lines. */
  usable: Generated<number>;
  unusable: Generated<number>;
  /** A no, by what it is. */
  no: Generated<number>;
  withdrawn: Generated<number>;
  bounced: Generated<number>;
  complained: Generated<number>;
  /** Something that was said here later stays. */
  older: Generated<number>;
  /** Was here already, with the same evidence. */
  unchanged: Generated<number>;
  /** Another line about the same counts. */
  folded: Generated<number>;
  left_out: Generated<number>;
  refused: Generated<number>;
  /** How many unusable lines there are for each reason of a decision, JSON. */
  short_of: Generated<string>;
  /** Encrypts the lines. Null once they have landed or were discarded, and then nobody can read them again. */
  key_wrapped: string | null;
  released_by: Generated<string | null>;
  released_by_name: Generated<string | null>;
  released_at: Generated<string | null>;
  ended_at: Generated<string | null>;
  /** While a process works on it: when another one may take over, and which run of it that is. */
  claimed_until: Generated<string | null>;
  claimed_by: Generated<string | null>;
  /** A keyed SHA-256 of the file and its mapping, by which a file that is handed in again is recognised. */
  file_mac: Generated<string | null>;
  /** The member of staff who last said what its columns mean. */
  matched_by: Generated<string | null>;
}

/** Some lines of an import. Deleted when it ends. */
export interface ImportPartTable {
  import_id: string;
  number: number;
  rows: number;
  /** A JSON list of ImportRow; while columns are matched, the one part is the file itself, base64. */
  rows_enc: string;
}

/** What is to be said about a line, if anything. Names columns and reasons, never what stood there. */
export interface ImportLineTable {
  import_id: string;
  line: number;
  outcome:
    | 'unusable'
    | 'no'
    | 'withdrawn'
    | 'bounced'
    | 'complained'
    | 'older'
    | 'unchanged'
    | 'folded'
    | 'left_out'
    | 'refused';
  why: string;
}
