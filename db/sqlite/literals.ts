/** SQL with a text in the place of each `?`. `undefined` when it has more or fewer than `count` of them. */
export function fillPlaceholders(
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

/** https://www.sqlite.org/lang_expr.html#literal_values_constants_ */
export function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
