import type { CompiledQuery } from 'kysely';

/**
 * `read` may run on any connection, `write` and `write returning` belong on the writer, and
 * `alone` cannot run inside a transaction.
 */
export type StatementKind = 'read' | 'write' | 'write returning' | 'alone';

export function statementKind({ query, sql }: CompiledQuery): StatementKind {
  if (query.kind === 'SelectQueryNode') return 'read';
  if (query.kind === 'RawNode') return rawKind(sql);
  return 'returning' in query && query.returning ? 'write returning' : 'write';
}

function rawKind(sql: string): StatementKind {
  if (/^\s*(select|values|explain)\b/i.test(sql)) return 'read';
  if (/^\s*with\b/i.test(sql) && !/\b(insert|update|delete|replace)\b/i.test(sql)) return 'read';
  if (/^\s*(pragma|vacuum|attach|detach)\b/i.test(sql)) return 'alone';
  if (/^\s*(begin|commit|end|rollback|savepoint|release)\b/i.test(sql)) {
    throw new Error(`"${sql}" would break the shared commit. Use db.transaction() instead.`);
  }
  return /\breturning\b/i.test(sql) ? 'write returning' : 'write';
}
