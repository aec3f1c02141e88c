import { type AliasableExpression, type Compilable, sql } from 'kysely';
import type { Db } from './connect.ts';

/**
 * The rows of a query as one text: a line each, with the fields of these columns set apart by bars. What is null is an
 * empty field. With thousands of rows a driver takes longer over each than SQLite or PostgreSQL takes to find it, and
 * an object for each is more than who asks about a million of them can afford.
 *
 * For ids, times, numbers and words of our own: a value with a bar or a line end in it would be read wrongly.
 */
export function packedLines<Row>(
  db: Db,
  query: AliasableExpression<Row>,
  columns: readonly (keyof Row & string)[],
): Compilable<{ lines: string | null }> {
  // Put together with ||, not with concat(): PostgreSQL takes a third less for the whole of a row.
  const fields = sql.join(
    columns.map((column) => sql`coalesce(cast(${sql.ref(column)} as text), '')`),
    sql` || '|' || `,
  );
  const lines = sql<{
    lines: string | null;
  }>`select string_agg(${fields}, ${sql.lit('\n')}) as lines from ${query} as found`;
  return { compile: () => lines.compile(db) };
}
