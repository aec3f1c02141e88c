import type { Compilable, Insertable, InsertQueryBuilder, InsertResult } from 'kysely';
import type { Db, Tx } from './connect.ts';
import { prepared } from './prepared.ts';
import type { Schema } from './schema.ts';

type Values = Record<string, unknown>;
type Insert<Table extends keyof Schema> = InsertQueryBuilder<Schema, Table, InsertResult>;

const mostTogether = 20;

/**
 * Inserts rows that all have the same columns, by statements that are compiled once for each number of rows.
 * `finish` may add what follows the values.
 *
 *     const insertItems = insertRows('signup_items');
 *     await insertItems(tx, items);
 */
export function insertRows<Table extends keyof Schema>(
  table: Table,
  finish: (insert: Insert<Table>) => Compilable<unknown> = (insert) => insert,
): (tx: Tx, rows: Insertable<Schema[Table]>[]) => Promise<void> {
  const inserts = new Map<string, (db: Db | Tx, values: Values) => Promise<unknown[]>>();

  function insertOf(columns: string[], count: number): (db: Db | Tx, values: Values) => Promise<unknown[]> {
    const name = `${count} ${columns}`;
    const known = inserts.get(name);
    if (known) return known;
    const insert = prepared((db, values: Values) => {
      const row = (index: number) =>
        Object.fromEntries(columns.map((column) => [column, values[`${index} ${column}`]]));
      const rows = Array.from({ length: count }, (_, index) => row(index));
      return finish(db.insertInto(table).values(rows as never) as unknown as Insert<Table>);
    });
    inserts.set(name, insert);
    return insert;
  }

  return async (tx, rows) => {
    const columns = Object.keys(rows[0] ?? {});
    for (let from = 0; from < rows.length; from += mostTogether) {
      const some = rows.slice(from, from + mostTogether) as Values[];
      const values: Values = {};
      some.forEach((row, index) => {
        for (const column of columns) values[`${index} ${column}`] = row[column];
      });
      await insertOf(columns, some.length)(tx, values);
    }
  };
}
