import { type AliasableExpression, sql } from 'kysely';
import { type Db, databaseKind } from './connect.ts';

/**
 * The rows of a query, with these columns. The database hands all of them over as one JSON text: with thousands
 * of rows a driver takes longer over each than SQLite or PostgreSQL takes to find it.
 */
export async function readPacked<Row, Column extends keyof Row & string>(
  db: Db,
  query: AliasableExpression<Row>,
  columns: readonly Column[],
): Promise<Pick<Row, Column>[]> {
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const packed =
    databaseKind(db) === 'sqlite'
      ? sql<{ packed: string }>`select json_group_array(json_array(${names})) as packed from ${query}`
      : sql<{
          packed: string;
        }>`select json_agg(json_build_array(${names}))::text as packed from ${query} as found`;
  const { rows } = await packed.execute(db);
  const tuples: unknown[][] = JSON.parse(rows[0]?.packed ?? '[]');
  return tuples.map((values) => {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index++) row[columns[index] as string] = values[index];
    return row as Pick<Row, Column>;
  });
}
