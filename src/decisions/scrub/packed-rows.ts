import { type AliasableExpression, type RawBuilder, sql } from 'kysely';

/**
 * The rows of a query as one text: a line for each row, its columns separated by bars. Null is an empty field; no rows are
 * null. With thousands of rows a driver takes longer to make each object than the database takes to find the row.
 *
 * Only for ids, times, numbers and our own words: a value with a bar or a line break would be misread.
 */
export function packRows<Row>(
  query: AliasableExpression<Row>,
  columns: readonly (keyof Row & string)[],
): RawBuilder<string | null> {
  // Concatenated with ||, not with concat(): PostgreSQL takes a third less time for the whole row.
  const fields = sql.join(
    columns.map((column) => sql`coalesce(cast(${sql.ref(column)} as text), '')`),
    sql` || '|' || `,
  );
  return sql`(select string_agg(${fields}, ${sql.lit('\n')}) from ${query} as found)`;
}

/** The fields of each line. */
export function* unpackRows(lines: string | null | undefined): Generator<string[]> {
  if (lines) for (const line of lines.split('\n')) yield line.split('|');
}
