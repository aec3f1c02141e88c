import { type AliasableExpression, type Compilable, sql } from 'kysely';
import type { Db } from '#db/connect.ts';

/**
 * The rows of a query as one text: a line for each row, its columns separated by bars. Null is an empty field; no rows are
 * null. With thousands of rows a driver takes longer to make each object than the database takes to find the row.
 *
 * Only for ids, times, numbers and our own words: a value with a bar or a line break would be misread.
 */
export function packRows<Row>(
  db: Db,
  query: AliasableExpression<Row>,
  columns: readonly (keyof Row & string)[],
): Compilable<{ lines: string | null }> {
  // Concatenated with ||, not with concat(): PostgreSQL takes a third less time for the whole row.
  const fields = sql.join(
    columns.map((column) => sql`coalesce(cast(${sql.ref(column)} as text), '')`),
    sql` || '|' || `,
  );
  const packed = sql<{ lines: string | null }>`
    select string_agg(${fields}, ${sql.lit('\n')}) as lines from ${query} as found`;
  return { compile: () => packed.compile(db) };
}

/** The fields of each line. */
export function* unpackRows(lines: string | null | undefined): Generator<string[]> {
  if (lines) for (const line of lines.split('\n')) yield line.split('|');
}
