/** What a compiled query may tell the driver that runs it. */
import type { CompiledQuery } from 'kysely';

/** A query by one key. The driver may join it with the same query by other keys that waits at that moment. */
export interface KeyedQuery extends CompiledQuery {
  readonly key: string;
}

export function isKeyed(query: CompiledQuery): query is KeyedQuery {
  return 'key' in query;
}

/** The parameter in which SQLite finds the keys. */
export function keyParameter(keys: readonly string[]): string {
  return JSON.stringify(keys);
}

/** The rows of one act, to be written by SQLite as a whole or not at all. */
export interface ActQuery extends CompiledQuery {
  readonly act: CompiledAct;
  /** For each statement of the act, the values of its rows in the order of its columns. */
  readonly rows: readonly (readonly (readonly unknown[])[])[];
}

export interface CompiledAct {
  name: string;
  statements: CompiledStatement[];
}

/** Run once for each of its rows, in the body of a trigger: `NEW."column"` is a value of the row. */
export interface CompiledStatement {
  columns: readonly string[];
  sql: string;
}

export function isActQuery(query: CompiledQuery): query is ActQuery {
  return 'act' in query;
}
