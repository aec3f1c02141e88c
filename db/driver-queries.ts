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

/** A write whose result nobody waits for, so that it may be sent together with the next query. */
export interface LaterQuery extends CompiledQuery<unknown>, LaterMore {
  /** This write and all that the transaction adds until its next query. */
  readonly sentLater: LaterQuery[];
}

export interface LaterMore {
  /** An insert, taken apart: rows of other acts may be added to it. */
  readonly insert?: InsertParts | undefined;
  /** How many rows it has to change, or else the act is retried. Optimistic acts only. */
  readonly changes?: number | undefined;
  /** It only checks whether a condition still holds. */
  readonly onlyLooks?: boolean | undefined;
}

/** `before` and `after` stand around the rows, each of which is `(?, ?)` for two columns. */
export interface InsertParts {
  before: string;
  columns: number;
  after: string;
}

export function isSentLater(query: CompiledQuery): query is LaterQuery {
  return 'sentLater' in query;
}

/** The isolation level by which the driver knows an optimistic act; no other transaction asks for it. */
export const optimisticLevel = 'snapshot';
