import type { CompiledQuery } from 'kysely';

/** A write whose result nobody waits for, so that it may be sent together with what comes next. */
interface LaterQuery extends CompiledQuery<unknown> {
  readonly sentLater: true;
}

export function sentLater(query: CompiledQuery<unknown>): LaterQuery {
  return { ...query, sentLater: true };
}

export function isSentLater(query: CompiledQuery): boolean {
  return 'sentLater' in query;
}
