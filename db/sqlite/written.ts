import assert from 'node:assert/strict';
import type { CompiledQuery } from 'kysely';
import { assertBindable } from '../bindable.ts';

/**
 * A statement with its values written into it. The driver binds values to one statement only and takes a trip to
 * the thread pool for each, which for eight inserts costs more than the inserts; a script takes one trip.
 */
export function written({ sql, parameters }: CompiledQuery): string {
  assertBindable(parameters, sql);
  const parts = sql.split('?');
  assert.equal(parts.length, parameters.length + 1, `not every ? is a value in: ${sql}`);
  let script = parts[0] ?? '';
  for (let i = 0; i < parameters.length; i++) script += literal(parameters[i]) + parts[i + 1];
  return script;
}

/** https://www.sqlite.org/lang_expr.html#literal_values_constants_ */
function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  const text = String(value);
  if (typeof value === 'number') {
    assert(Number.isFinite(value), `${text} is no number that can be stored`);
    return text;
  }
  // A script ends at NUL, and what came after it would be lost.
  assert(!text.includes('\0'), 'a text with NUL cannot be stored');
  return `'${text.replaceAll("'", "''")}'`;
}
