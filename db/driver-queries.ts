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

export interface CompiledStatement {
  columns: readonly string[];
  /**
   * For the body of a trigger. `row`: runs once for each row, whose values are `NEW."column"`. `rows`: runs once for all
   * rows, the JSON list that is called `:rows` in it.
   */
  sql: string;
  takes: 'row' | 'rows';
}

export function isActQuery(query: CompiledQuery): query is ActQuery {
  return 'act' in query;
}
