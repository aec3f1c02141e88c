import assert from 'node:assert/strict';

/** SQL with something in the place of each `?`. `undefined` where there are more or fewer of them than `count`. */
export function inPlaceOfMarks(
  sql: string,
  count: number,
  textOf: (index: number) => string,
): string | undefined {
  const parts = sql.split('?');
  if (parts.length !== count + 1) return undefined;
  let filled = parts[0] ?? '';
  for (let index = 0; index < count; index++) filled += textOf(index) + parts[index + 1];
  return filled;
}

export function assertStorable(value: unknown): void {
  if (typeof value === 'number') assert(Number.isFinite(value), `${value} is no number that can be stored`);
  // A script ends at NUL, and what came after it would be lost.
  if (typeof value === 'string') assert(!value.includes('\0'), 'a text with NUL cannot be stored');
}

/** https://www.sqlite.org/lang_expr.html#literal_values_constants_ */
export function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  assertStorable(value);
  const text = String(value);
  if (typeof value === 'number') return text;
  return text.includes("'") ? `'${text.replaceAll("'", "''")}'` : `'${text}'`;
}
