import assert from 'node:assert/strict';
import type { Compilable, CompiledQuery, Insertable, InsertQueryBuilder, InsertResult } from 'kysely';
import { type DatabaseKind, databaseKind, type Tx } from './connect.ts';
import type { Schema } from './schema/schema.ts';

export type Insert<Table extends keyof Schema> = InsertQueryBuilder<Schema, Table, InsertResult>;
type Row = Record<string, unknown>;

const rowsPerStatement = 20;

/**
 * Inserts rows that all have the same columns, by statements that are compiled once for each number of rows. `finish` may
 * add what follows the values.
 *
 *     const insertItems = insertRows('signup_items');
 *     await insertItems(tx, items);
 */
export function insertRows<Table extends keyof Schema>(
  table: Table,
  finish: (insert: Insert<Table>) => Compilable<unknown> = (insert) => insert,
): (tx: Tx, rows: readonly Insertable<Schema[Table]>[]) => Promise<void> {
  const compiled: Compiled[] = [];

  function insertOf(tx: Tx, columns: string[], rows: Row[]): CompiledQuery<unknown> {
    const kind = databaseKind(tx);
    const count = rows.length;
    const known = compiled.find(
      (one) => one.count === count && one.kind === kind && isSame(one.columns, columns),
    );
    if (known) return known.query;
    const values = tx.insertInto(table).values(rows as never) as unknown as Insert<Table>;
    const query = finish(values).compile();
    const expected = columns.length * rows.length;
    assert.equal(query.parameters.length, expected, `rows for ${table} differ in columns`);
    compiled.push({ kind, columns, count, query });
    return query;
  }

  const write: WriteRows = async (tx, rows) => {
    const gathered = gathering.get(tx);
    if (gathered) {
      const before = gathered.get(write);
      if (before) before.push(...rows);
      else gathered.set(write, [...rows]);
      return;
    }
    const columns = Object.keys(rows[0] ?? {});
    for (let from = 0; from < rows.length; from += rowsPerStatement) {
      const some = rows.slice(from, from + rowsPerStatement) as Row[];
      const parameters = some.flatMap((row) => columns.map((column) => row[column]));
      await tx.executeQuery({ ...insertOf(tx, columns, some), parameters });
    }
  };
  return write as (tx: Tx, rows: readonly Insertable<Schema[Table]>[]) => Promise<void>;
}

interface Compiled {
  kind: DatabaseKind;
  columns: string[];
  count: number;
  query: CompiledQuery<unknown>;
}

function isSame(one: string[], other: string[]): boolean {
  return one.length === other.length && one.every((column, index) => column === other[index]);
}

type WriteRows = (tx: Tx, rows: readonly object[]) => Promise<void>;

const gathering = new WeakMap<Tx, Map<WriteRows, object[]>>();

/**
 * Collects the rows that `insertRows` gets during several pieces of work, and inserts them together, one table after the
 * other. Until `write` the transaction does not see these rows, so the work must not read what it wrote.
 */
export function gatherRows(tx: Tx) {
  let gathered = new Map<WriteRows, object[]>();
  return {
    async during<T>(work: () => Promise<T>): Promise<T> {
      gathering.set(tx, gathered);
      try {
        return await work();
      } finally {
        gathering.delete(tx);
      }
    },
    async write(): Promise<void> {
      const all = gathered;
      gathered = new Map();
      for (const [write, rows] of all) await write(tx, rows);
    },
  };
}
