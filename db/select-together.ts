import { type Compilable, type Expression, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/sqlite';
import { databaseKind, type Reader } from './connect.ts';

/** The rows of a query as JSON. */
export type RowsJson<Row> = string & { readonly rowType?: Row };

/**
 * Several queries as one statement: one round trip, and all rows are of the same moment.
 *
 *     const [found] = await prepared((db, of: { id: string }) => selectTogether(db, { purposes: jsonRows(db, …), texts: … }));
 *     const purposes = rowsIn(found.purposes);
 */
export function selectTogether<Texts extends Record<string, Expression<unknown>>>(
  db: Reader,
  texts: Texts,
): Compilable<{ [Name in keyof Texts]: Texts[Name] extends Expression<infer Text> ? Text : never }> {
  const columns = Object.entries(texts).map(([name, text]) => sql`${text} as ${sql.id(name)}`);
  const together = sql<{ [Name in keyof Texts]: Texts[Name] extends Expression<infer Text> ? Text : never }>`
    select ${sql.join(columns)}`;
  return { compile: () => together.compile(db) };
}

/** One column of `selectTogether`. No rows are an empty list. */
export function jsonRows<DB, TB extends keyof DB, Row>(
  db: Reader,
  query: SelectQueryBuilder<DB, TB, Row>,
): RawBuilder<RowsJson<Row>> {
  if (databaseKind(db) === 'sqlite') return jsonArrayFrom(query).$castTo<RowsJson<Row>>();
  return sql`(select coalesce(json_agg(found), '[]')::text from ${query} as found)`;
}

export function rowsIn<Row>(json: RowsJson<Row>): Row[] {
  return JSON.parse(json) as Row[];
}
